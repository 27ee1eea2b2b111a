Feature: Status of the eSIMs of a device
  The status shows each eSIM as the eUICC has it.

  Background: Common setup
    Given an environment at "apiRoot"
    And the header "Authorization" is set to a valid access token
    And the header "Content-Type" is set to "application/json"
    And the header "x-correlator" is set to a UUID value

  @req:retrieve-status/all-of-the-device @req:retrieve-status/is-the-truth @req:profiles/two-states @req:authorization/scope-sufficient
  Scenario: Asked by EID, all eSIMs of the device are shown
    Given an eUICC
    And the eUICC has an enabled eSIM "A"
    And the eUICC has a disabled eSIM "B" that is the fallback
    And the eUICC has a disabled eSIM "C"
    When the request "getEsimStatus" is sent for the eUICC
    Then the request is granted
    And the response header "Content-Type" is "application/json"
    And the response header "x-correlator" has the same value as the request header "x-correlator"
    And the response shows the eSIMs "A, B, C" as the eUICC has them

  @req:retrieve-status/all-of-the-device
  Scenario: A device without eSIMs has an empty list
    Given an eUICC
    When the request "getEsimStatus" is sent for the eUICC
    Then the request is granted
    And the response shows no eSIMs

  @req:retrieve-status/one-by-iccid @needs:status-of-one
  Scenario: Asked by ICCID, this eSIM is shown
    Given an eUICC
    And the eUICC has an enabled eSIM "A"
    And the eUICC has a disabled eSIM "B"
    When the request "getEsimStatus" is sent for eSIM "B"
    Then the request is granted
    And the response shows the eSIMs "B" as the eUICC has them

  @req:retrieve-status/pair @needs:status-of-one
  Scenario: Asked by EID and ICCID, this eSIM is shown
    Given an eUICC
    And the eUICC has an enabled eSIM "A"
    And the eUICC has a disabled eSIM "B"
    And the request names the EID of the eUICC, too
    When the request "getEsimStatus" is sent for eSIM "A"
    Then the request is granted
    And the response shows the eSIMs "A" as the eUICC has them

  @req:retrieve-status/truth-while-executing @req:profiles/at-most-one-enabled
  Scenario: While an operation executes, every answer is the state before it or after it
    Given an eUICC
    And the eUICC has an enabled eSIM "A"
    And the eUICC has a disabled eSIM "B"
    When the request "getEsimStatus" is sent for the eUICC
    And the request "enableEsim" is sent for eSIM "B"
    And the status of the eUICC is asked for again and again until the operation is completed
    Then no answer showed more than one enabled eSIM
    And the answers showed the states before, then the states after, and never went back
    And eSIM "B" is enabled, on the eUICC and in the API
