Feature: Download of an eSIM, POST /esim/download
  A download combines profile download and installation. It ends with a disabled eSIM, or with an enabled one if that was asked for.

  Background: Common setup
    Given an environment at "apiRoot"
    And the header "Authorization" is set to a valid access token
    And the header "Content-Type" is set to "application/json"
    And the header "x-correlator" is set to a UUID value

  @req:esim-management/download/installs-disabled
  Scenario: activateOnDownload false is the default
    Given an eUICC
    And the SM-DP+ has an order "N" for it
    And the request body property "$.activateOnDownload" is set to false
    When the request "downloadEsim" is sent for eSIM "N"
    Then the operation is accepted
    And the operation completes with outcome "success"
    And eSIM "N" is disabled, on the eUICC and in the API
    And exactly one event says that outcome, after the eUICC had done it

  @req:esim-management/download/already-installed
  Scenario: A second download of an installed eSIM fails
    Given an eUICC
    And the eUICC has a disabled eSIM "A"
    And the SM-DP+ has an order "N" for it
    When the request "downloadEsim" is sent for eSIM "A" with the activation code of "N"
    Then the operation is accepted
    And the operation completes with outcome "failed" and error 422 "ESIM_ALREADY_INSTALLED"
    And the eUICC has the eSIMs that it had before
    And exactly one event says that outcome, after the eUICC had done it

  @req:esim-management/download/failure-activates-nothing
  Scenario: A failed download with activateOnDownload leaves the enabled eSIM alone
    Given an eUICC
    And the eUICC has an enabled eSIM "A"
    And the SM-DP+ has an order "N" for it that it refuses for its matchingId
    And the request body property "$.activateOnDownload" is set to true
    When the request "downloadEsim" is sent for eSIM "N"
    Then the operation is accepted
    And the operation completes with outcome "failed" and error 422 "ESIM_DOWNLOAD_FAILED"
    And eSIM "A" is enabled, on the eUICC and in the API
    And the eUICC has the eSIMs that it had before
    And exactly one event says that outcome, after the eUICC had done it

  @req:esim-management/download/iccid-mismatch
  Scenario: A download that brings another eSIM than requested fails
    Given an eUICC
    And the SM-DP+ has an order "N" for it
    And the SM-DP+ has an order "M" for it
    When the request "downloadEsim" is sent for eSIM "N" with the activation code of "M"
    Then the operation is accepted
    And the operation completes with outcome "failed" and error 422 "ESIM_ICCID_MISMATCH"
    And eSIM "N" is not on the eUICC
    And exactly one event says that outcome, after the eUICC had done it

  @req:esim-management/errors/documented-properties
  Scenario: Every documented property of a download is accepted
    Given an eUICC
    And the SM-DP+ has an order "N" for it
    And the request body property "$.activateOnDownload" is set to false
    And the request body property "$.correlationId" is set to "order 4711"
    And the request body property "$.sinkCredential" is set to an access token credential
    When the request "downloadEsim" is sent for eSIM "N"
    Then the operation is accepted
    And the operation completes with outcome "success"
