Feature: Life of an operation
  An operation is accepted, then completed. Its result says what the eUICC did.

  Background: Common setup
    Given an environment at "apiRoot"
    And the header "Authorization" is set to a valid access token
    And the header "Content-Type" is set to "application/json"
    And the header "x-correlator" is set to a UUID value

  @req:operations/pollable @req:operations/result @req:operations/two-states @req:operations/completed-not-before-card @req:authorization/scope-sufficient
  Scenario: An operation can be asked for until it is completed with its result
    Given an eUICC
    And the eUICC has a disabled eSIM "A"
    When the request "enableEsim" is sent for eSIM "A"
    Then the operation is accepted
    And the operation completes with outcome "success"
    When the request "retrieveOperation" is sent for the operation
    Then the request is granted
    And the response header "Content-Type" is "application/json"
    And the response header "x-correlator" has the same value as the request header "x-correlator"
    And the response says that the operation is completed with outcome "success" and no error

  @req:operations/result @req:operations/two-states @needs:activation-code
  Scenario: A failed operation says why
    Given an eUICC
    And the SM-DP+ has an order "N" for it that it refuses for its matchingId
    When the request "downloadEsim" is sent for eSIM "N"
    Then it is refused or fails for "download refused"
    When the request "retrieveOperation" is sent for the operation
    Then the request is granted
    And the response says that the operation is completed with outcome "failed" and an error

  @req:operations/completed-is-final
  Scenario: A completed operation does not change, whatever happens to the eSIM afterwards
    Given an eUICC
    And the eUICC has a disabled eSIM "A"
    When the request "enableEsim" is sent for eSIM "A" as operation "first"
    Then the operation completes with outcome "success"
    When the request "disableEsim" is sent for eSIM "A"
    Then the operation completes with outcome "success"
    When the request "deleteEsim" is sent for eSIM "A"
    Then the operation completes with outcome "success"
    And operation "first" is shown as before

  @req:operations/own-id @req:operations/executed-once @needs:fallback
  Scenario: The same request twice makes two operations
    Given an eUICC
    And the eUICC has an enabled eSIM "A"
    And the eUICC has a disabled eSIM "B"
    When the request "setFallbackEsim" is sent for eSIM "B" as operation "first"
    And the operation completes with outcome "success"
    And the request "setFallbackEsim" is sent for eSIM "B" as operation "second"
    Then the operation is accepted
    And the operations have different operationIds
    And every operation completes
    And each outcome is reported once

  @req:operations/executed-once
  Scenario: An operation touches only the eSIM it names, and once
    Given an eUICC
    And the eUICC has an enabled eSIM "A"
    And the eUICC has a disabled eSIM "B"
    And the eUICC has a disabled eSIM "C"
    When the request "enableEsim" is sent for eSIM "B"
    Then the operation completes with outcome "success"
    When the request "deleteEsim" is sent for eSIM "C"
    Then the operation completes with outcome "success"
    And the eUICC did "profile-disabled A, profile-enabled B, profile-deleted C" in this order
    And eSIM "A" is disabled, on the eUICC and in the API
    And eSIM "B" is enabled, on the eUICC and in the API

  @req:operations/asynchronous @req:operations/waits-for-device @req:operations/completed-not-before-card @req:events/not-while-unreachable @req:events/not-before-card
  Scenario Outline: While the device cannot be reached, <request> stays accepted and nothing is said
    Given an eUICC with an eSIM "A" that fits the request "<request>"
    And the device cannot be reached
    When the request "<request>" is sent for eSIM "A"
    Then the operation is accepted
    And the operation is still accepted after another device has completed one
    And no event has arrived for it
    And the eUICC has the eSIMs that it had before
    When the device can be reached again
    Then the operation completes with outcome "success"
    And the outcome is reported once, after the eUICC had done it

    Examples:
      | request      |
      | downloadEsim |
      | enableEsim   |
      | disableEsim  |
      | deleteEsim   |

    @needs:fallback
    Examples: the fallback
      | request         |
      | setFallbackEsim |

  @req:operations/time-limit @needs:operation-time-limit
  Scenario: An operation whose device stays unreachable fails at the declared time limit
    Given an eUICC
    And the eUICC has a disabled eSIM "A"
    And the device cannot be reached
    When the request "enableEsim" is sent for eSIM "A"
    Then the operation is accepted
    And it is refused or fails for "unreachable"
    And the eUICC has the eSIMs that it had before

  @req:operations/retention @needs:operation-retention
  Scenario: A completed operation is unknown after the declared time
    Given an eUICC
    And the eUICC has a disabled eSIM "A"
    When the request "enableEsim" is sent for eSIM "A"
    Then the operation completes with outcome "success"
    And the operation is no longer kept when the declared time has passed
    And the request is refused as one that names an unknown operation

  @req:operations/in-order @reading:whenBusy=queue
  Scenario: Several operations on one eUICC are executed in the order of their acceptance
    Given an eUICC
    And the eUICC has an enabled eSIM "A"
    And the eUICC has a disabled eSIM "B"
    And the eUICC has a disabled eSIM "C"
    And the eUICC has a disabled eSIM "D"
    And the device cannot be reached
    When the request "enableEsim" is sent for eSIM "B"
    And the request "enableEsim" is sent for eSIM "C"
    And the request "deleteEsim" is sent for eSIM "D"
    And the device can be reached again
    Then every operation completes with outcome "success"
    And the operations were completed in the order of their acceptance
    And the eUICC did "profile-disabled A, profile-enabled B, profile-disabled B, profile-enabled C, profile-deleted D" in this order
    And each outcome is reported once

  @req:operations/unknown
  Scenario: An operationId that nobody was given is no operation
    Given an eUICC
    When the request "retrieveOperation" is sent for operationId "0e3a3f0e-6d4f-4c53-9d58-6f2f6a6f5a01"
    Then the request is refused as one that names an unknown operation
    And the response property "$.message" contains a user friendly text

  @req:operations/unknown
  Scenario: A text that is no UUID is no operation
    Given an eUICC
    When the request "retrieveOperation" is sent for operationId "no-uuid"
    Then the response is 400 "INVALID_ARGUMENT" or 404 "NOT_FOUND"
