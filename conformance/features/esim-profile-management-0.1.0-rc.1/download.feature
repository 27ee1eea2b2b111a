Feature: A download that names the ICCID it expects
  The schema of rc.1 allows it.

  Background: Common setup
    Given an environment at "apiRoot"
    And the header "Authorization" is set to a valid access token
    And the header "Content-Type" is set to "application/json"
    And the header "x-correlator" is set to a UUID value

  @req:download/expected-iccid
  Scenario: A download of a profile that the eUICC has already fails
    Given an eUICC
    And the eUICC has a disabled eSIM "A"
    And the SM-DP+ has an order "N" for it
    And the request names the ICCID of eSIM "A", too
    When the request "downloadEsim" is sent for eSIM "N"
    Then the operation completes with outcome "failed"
    And the error has details
    And the eUICC has the eSIMs that it had before

  @req:download/expected-iccid
  Scenario: A download of the profile that it expects
    Given an eUICC
    And the SM-DP+ has an order "N" for it
    And the request names the ICCID of eSIM "N", too
    When the request "downloadEsim" is sent for eSIM "N"
    Then the operation is accepted
    And the operation completes with outcome "success"
    And eSIM "N" is disabled, on the eUICC and in the API

  @req:download/unexpected-iccid
  Scenario: A download that brings another profile fails
    Given an eUICC
    And the SM-DP+ has an order "N" for it
    And the SM-DP+ has an order "M" for it
    And the request names the ICCID of eSIM "M", too
    When the request "downloadEsim" is sent for eSIM "N"
    Then the operation completes with outcome "failed"
    And the error has details
    And eSIM "M" is not on the eUICC

  @req:download/iccid-elsewhere
  Scenario: A download of a profile that is on another eUICC is refused
    Given an eUICC "other"
    And the eUICC has a disabled eSIM "B"
    And an eUICC
    And the SM-DP+ has an order "N" for it
    And the request names the ICCID of eSIM "B", too
    When the request "downloadEsim" is sent for eSIM "N"
    Then the response is 422 "IDENTIFIER_MISMATCH"
    And the eUICC is left as it was
