Feature: A download names the eUICC and nothing else
  From rc.2 on the ICCID is no part of the request.

  Background: Common setup
    Given an environment at "apiRoot"
    And the header "Authorization" is set to a valid access token
    And the header "Content-Type" is set to "application/json"
    And the header "x-correlator" is set to a UUID value

  @req:download/eid-only
  Scenario: A download that names an ICCID is refused
    Given an eUICC
    And the SM-DP+ has an order "N" for it
    And the request names the ICCID of eSIM "N", too
    When the request "downloadEsim" is sent for eSIM "N"
    Then the response is 400 "INVALID_ARGUMENT"
    And the eUICC is left as it was
