Feature: Download of an eSIM
  A download combines profile download and installation. It ends with a disabled eSIM, or with an enabled one if that was asked for.

  Background: Common setup
    Given an environment at "apiRoot"
    And the header "Authorization" is set to a valid access token
    And the header "Content-Type" is set to "application/json"
    And the header "x-correlator" is set to a UUID value

  @req:download/installs-disabled @req:download/assigned-iccid @req:operations/accepted @req:operations/location @req:authorization/scope-sufficient
  Scenario: A downloaded eSIM is on the eUICC and disabled
    Given an eUICC
    And the eUICC has an enabled eSIM "A"
    And the SM-DP+ has an order "N" for it
    When the request "downloadEsim" is sent for eSIM "N"
    Then the operation is accepted
    And the response header "Content-Type" is "application/json"
    And the response header "x-correlator" has the same value as the request header "x-correlator"
    And the operation completes with outcome "success"
    And eSIM "N" is disabled, on the eUICC and in the API
    And eSIM "A" is enabled, on the eUICC and in the API
    And the outcome is reported once, after the eUICC had done it

  @req:download/activates-on-request @req:enable/only-one-enabled @needs:activation
  Scenario: A download that is to activate enables the eSIM and disables the one that was enabled
    Given an eUICC
    And the eUICC has an enabled eSIM "A"
    And the SM-DP+ has an order "N" for it
    And the download is to activate the eSIM
    When the request "downloadEsim" is sent for eSIM "N"
    Then the operation is accepted
    And the operation completes with outcome "success"
    And eSIM "N" is enabled, on the eUICC and in the API
    And eSIM "A" is disabled, on the eUICC and in the API
    And the outcome is reported once, after the eUICC had done it

  @req:download/refusal-is-reported @needs:activation-code
  Scenario Outline: A download that the SM-DP+ refuses for its <reason> fails
    Given an eUICC
    And the eUICC has an enabled eSIM "A"
    And the SM-DP+ has an order "N" for it that it refuses for its <reason>
    When the request "downloadEsim" is sent for eSIM "N"
    Then the operation is accepted
    And it is refused or fails for "download refused"
    And the error has details
    And the eUICC has the eSIMs that it had before

    Examples:
      | reason     |
      | matchingId |
      | metadata   |
