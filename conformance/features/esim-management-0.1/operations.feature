Feature: Life of an operation, GET /esim/operations/{operationId}
  An operation is accepted, then completed with the result success, failed or cancelled. Its result says what the eUICC did.

  Background: Common setup
    Given an environment at "apiRoot"
    And the header "Authorization" is set to a valid access token
    And the header "Content-Type" is set to "application/json"
    And the header "x-correlator" is set to a UUID value

  @req:esim-management/operations/pollable @req:esim-management/operations/result @req:esim-management/operations/two-states @req:esim-management/operations/completed-not-before-card @req:esim-management/authorization/scope-sufficient
  Scenario: An operation can be asked for until it is completed with its result
    Given an eUICC
    And the eUICC has a disabled eSIM "A"
    When the request "enableEsim" is sent for eSIM "A"
    Then the operation is accepted
    And the operation completes with outcome "success"
    When the request "retrieveOperation" is sent for the operation
    Then the response status code is 200
    And the response header "Content-Type" is "application/json"
    And the response header "x-correlator" has the same value as the request header "x-correlator"
    And the response body complies with the schema at "/components/schemas/ESimResponse"
    And the response property "$.operation" is "enable"
    And the response property "$.status" is "completed"
    And the response property "$.result.outcome" is "success"
    And the response property "$.result.completedAt" exists
    And the response property "$.result.error" does not exist

  @req:esim-management/operations/result @req:esim-management/operations/two-states
  Scenario: A failed operation names its error
    Given an eUICC
    And the SM-DP+ has an order "N" for it that it refuses for its matchingId
    When the request "downloadEsim" is sent for eSIM "N"
    Then the operation completes with outcome "failed" and error 422 "ESIM_DOWNLOAD_FAILED"
    When the request "retrieveOperation" is sent for the operation
    Then the response status code is 200
    And the response property "$.status" is "completed"
    And the response property "$.result.outcome" is "failed"
    And the response property "$.result.error.status" is 422
    And the response property "$.result.error.code" is "ESIM_DOWNLOAD_FAILED"
    And the response property "$.result.error.message" contains a user friendly text

  @req:esim-management/operations/completed-is-final
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

  @req:esim-management/operations/own-id @req:esim-management/operations/executed-once
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
    And exactly one event of each operation has arrived

  @req:esim-management/operations/executed-once
  Scenario: An operation touches only the eSIM it names
    Given an eUICC
    And the eUICC has an enabled eSIM "A"
    And the eUICC has a disabled eSIM "B"
    And the eUICC has a disabled eSIM "C"
    When the request "deleteEsim" is sent for eSIM "C"
    Then the operation completes with outcome "success"
    When the request "setFallbackEsim" is sent for eSIM "B"
    Then the operation completes with outcome "success"
    And the eUICC did "profile-deleted, fallback-attribute-set"
    And eSIM "A" is enabled, on the eUICC and in the API
    And eSIM "B" is disabled, on the eUICC and in the API

  @req:esim-management/operations/asynchronous @req:esim-management/operations/waits-for-device @req:esim-management/operations/completed-not-before-card @req:esim-management/events/not-while-unreachable @req:esim-management/events/not-before-card
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
    And exactly one event says that outcome, after the eUICC had done it

    Examples:
      | request         |
      | downloadEsim    |
      | enableEsim      |
      | disableEsim     |
      | deleteEsim      |
      | setFallbackEsim |

  @req:esim-management/operations/time-limit @needs:operation-time-limit
  Scenario: An operation whose device stays unreachable fails at the declared time limit
    Given an eUICC
    And the eUICC has a disabled eSIM "A"
    And the device cannot be reached
    When the request "enableEsim" is sent for eSIM "A"
    Then the operation is accepted
    And the operation completes at the time limit with outcome "failed" and error 504 "ESIM_DEVICE_UNREACHABLE"
    And the eUICC has the eSIMs that it had before
    And exactly one event says that outcome, after the eUICC had done it

  @req:esim-management/operations/in-order
  Scenario: Several operations on one eUICC are executed in the order of their acceptance
    Given an eUICC
    And the eUICC has an enabled eSIM "A"
    And the eUICC has a disabled eSIM "B"
    And the eUICC has a disabled eSIM "C"
    And the eUICC has a disabled eSIM "D"
    And the device cannot be reached
    When the request "enableEsim" is sent for eSIM "B"
    And the request "enableEsim" is sent for eSIM "C"
    And the request "setFallbackEsim" is sent for eSIM "B"
    And the request "deleteEsim" is sent for eSIM "D"
    And the device can be reached again
    Then every operation completes with outcome "success"
    And the operations were completed in the order of their acceptance
    And the eUICC did "profile-enabled B, profile-enabled C, fallback-attribute-set B, profile-deleted D" in this order
    And exactly one event of each operation has arrived

  @req:esim-management/operations/in-order
  Scenario: A failed operation does not hold up the next one
    Given an eUICC
    And the eUICC has an enabled eSIM "A"
    And the eUICC has a disabled eSIM "B"
    And the SM-DP+ has an order "N" for it that it refuses for its matchingId
    And the device cannot be reached
    When the request "downloadEsim" is sent for eSIM "N" as operation "refused"
    And the request "enableEsim" is sent for eSIM "B" as operation "next"
    And the device can be reached again
    Then operation "refused" completes with outcome "failed"
    And operation "next" completes with outcome "success"
    And eSIM "B" is enabled, on the eUICC and in the API
    And exactly one event of each operation has arrived

  @req:esim-management/operations/unknown
  Scenario Outline: <operationId> is no operation
    Given an eUICC
    When the request "retrieveOperation" is sent for operationId "<operationId>"
    Then the response status code is 404
    And the response property "$.status" is 404
    And the response property "$.code" is "NOT_FOUND"
    And the response property "$.message" contains a user friendly text

    Examples:
      | operationId                          |
      | 0e3a3f0e-6d4f-4c53-9d58-6f2f6a6f5a01 |

  @req:esim-management/operations/unknown
  Scenario: A text that is no UUID is no operation
    Given an eUICC
    When the request "retrieveOperation" is sent for operationId "no-uuid"
    Then the response is 400 "INVALID_ARGUMENT" or 404 "NOT_FOUND"
