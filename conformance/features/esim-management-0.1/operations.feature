Feature: Life of an operation, GET /esim/operations/{operationId}
  An operation is accepted, then completed with the result success, failed or cancelled. Its result says what the eUICC did.

  Background: Common setup
    Given an environment at "apiRoot"
    And the header "Authorization" is set to a valid access token
    And the header "Content-Type" is set to "application/json"
    And the header "x-correlator" is set to a UUID value

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
