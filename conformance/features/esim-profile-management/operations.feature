Feature: Operations that are polled for
  An operation is read at its Location. While one is in progress another is refused or waits, as it is declared.

  Background: Common setup
    Given an environment at "apiRoot"
    And the header "Authorization" is set to a valid access token
    And the header "Content-Type" is set to "application/json"
    And the header "x-correlator" is set to a UUID value

  @req:operations/busy-is-aborted @req:download/while-busy @req:operations/waits-for-device @reading:whenBusy=abort
  Scenario: While an operation is in progress others are aborted, but for a download
    Given an eUICC
    And the eUICC has an enabled eSIM "A"
    And the eUICC has a disabled eSIM "B"
    And the eUICC has a disabled eSIM "C"
    And the SM-DP+ has an order "N" for it
    And the device cannot be reached
    When the request "enableEsim" is sent for eSIM "B" as operation "first"
    And the request "enableEsim" is sent for eSIM "C"
    Then the response is 409 "ABORTED"
    When the request "disableEsim" is sent for eSIM "A"
    Then the response is 409 "ABORTED"
    When the request "deleteEsim" is sent for eSIM "C"
    Then the response is 409 "ABORTED"
    When the request "setFallbackEsim" is sent for eSIM "C"
    Then the response is 409 "ABORTED"
    When the request "downloadEsim" is sent for eSIM "N" as operation "second"
    And the device can be reached again
    Then every operation completes with outcome "success"
    And the eUICC did "profile-disabled A, profile-enabled B, profile-installed N" in this order

  @req:download/while-busy
  Scenario: A download waits for its turn
    Given an eUICC
    And the eUICC has a disabled eSIM "A"
    And the SM-DP+ has an order "N" for it
    And the device cannot be reached
    When the request "enableEsim" is sent for eSIM "A" as operation "first"
    And the request "downloadEsim" is sent for eSIM "N" as operation "second"
    Then the operation is accepted
    When the device can be reached again
    Then every operation completes with outcome "success"
    And the eUICC did "profile-enabled A, profile-installed N" in this order

  @req:operations/no-event @req:errors/unknown-property
  Scenario: Nobody is told of an outcome, and no sink can be named
    Given an eUICC
    And the eUICC has a disabled eSIM "A"
    And the request body property "$.sink" is set to "https://example.com/sink"
    When the request "enableEsim" is sent for eSIM "A"
    Then the response is 400 "INVALID_ARGUMENT"
    When the request "enableEsim" is sent for eSIM "A"
    Then the operation completes with outcome "success"
    And no event has arrived for it

  @req:operations/sane-time @req:operations/result
  Scenario: An operation is completed after its request and before it is shown
    Given an eUICC
    And the eUICC has a disabled eSIM "A"
    When the request "enableEsim" is sent for eSIM "A"
    Then the operation completes with outcome "success"
    And the response property "$.result.failureReason" does not exist
    And the response property "$.result.assignedIccid" does not exist

  @req:operations/malformed-id
  Scenario: An operationId that breaks its pattern is refused
    Given an eUICC
    When the request "retrieveOperation" is sent for operationId "longer-than-an-operationId-may-be-since-that-has-64-characters-at-most"
    Then the response is 400 "INVALID_ARGUMENT"
    And the response property "$.message" contains a user friendly text

  @req:operations/of-this-version
  Scenario: An operation is known to the version that has accepted it
    Given an eUICC
    And the eUICC has a disabled eSIM "A"
    When the request "enableEsim" is sent for eSIM "A"
    Then the operation completes with outcome "success"
    When the operation is asked for under the base path of another version
    Then the response status code is 404

  @req:download/assigned-iccid @req:answers/schema
  Scenario: The ICCID of a download is known when it is completed
    Given an eUICC
    And the SM-DP+ has an order "N" for it
    When the request "downloadEsim" is sent for eSIM "N"
    Then the operation is accepted
    And the response property "$.esimProfile.iccid" does not exist
    And the operation completes with outcome "success"
    When the request "retrieveOperation" is sent for the operation
    Then the request is granted
    And the response property "$.result.assignedIccid" is the ICCID of eSIM "N"
    And the response property "$.esimProfile.iccid" is the ICCID of eSIM "N"

  @req:download/activation-code
  Scenario: An activation code without its prefix is refused
    Given an eUICC
    And the SM-DP+ has an order "N" for it
    And the request body property "$.activationCode" is set to "1$smdp.example.com$CODE"
    When the request "downloadEsim" is sent for eSIM "N"
    Then the response is 400 "INVALID_ARGUMENT"
    And the eUICC is left as it was

  @req:errors/documented-properties
  Scenario Outline: <request> may name the EID, too
    Given an eUICC with an eSIM "A" that fits the request "<request>"
    And the request names the EID of the eUICC, too
    When the request "<request>" is sent for eSIM "A"
    Then the request is granted

    Examples:
      | request         |
      | downloadEsim    |
      | enableEsim      |
      | disableEsim     |
      | deleteEsim      |
      | setFallbackEsim |
      | getEsimStatus   |

  @req:identifiers/order-of-refusals
  Scenario: What is no pair is told before what the state does not allow
    Given an eUICC "other"
    And the eUICC has a disabled eSIM "B"
    And an eUICC
    And the eUICC has an enabled eSIM "A"
    And the request names the EID of the eUICC "other", too
    When the request "deleteEsim" is sent for eSIM "A"
    Then the request is refused as one whose EID and ICCID are no pair

  @req:answers/x-correlator-pattern
  Scenario: A backslash is no character of an x-correlator
    Given an eUICC
    And the header "x-correlator" is set to "one\\two"
    When the request "getEsimStatus" is sent for the eUICC
    Then the response is 400 "INVALID_ARGUMENT"
