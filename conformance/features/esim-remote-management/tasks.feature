Feature: Tasks, and the codes that say how a request was taken
  A code of an answer speaks of the request, operResult of the outcome.

  Background: Common setup
    Given an environment at "apiRoot"
    And the header "Authorization" is set to a valid access token
    And the header "Content-Type" is set to "application/json"
    And the header "x-correlator" is set to a UUID value

  @req:download/order-refused
  Scenario: A download whose order the SM-DP+ refuses makes no task
    Given an eUICC
    And the eUICC has a disabled eSIM "A"
    When the request "downloadEsim" is sent for eSIM "A"
    Then the response status code is 200
    And the response says that no task was made
    And the eUICC is left as it was

  @req:retrieve-status/result-code
  Scenario Outline: The answer to <request> says that it was answered, and gives the sequence number back
    Given an eUICC
    And the eUICC has a disabled eSIM "A"
    When the request "enableEsim" is sent for eSIM "A"
    Then the operation completes with outcome "success"
    When the request body property "$.sequenceNum" is set to "4711"
    And the request "<request>" is sent for the <subject>
    Then the request is granted
    And the response property "$.resultCode" is "B100000"
    And the response property "$.sequenceNum" is "4711"

    Examples:
      | request           | subject   |
      | retrieveOperation | operation |
      | getEsimStatus     | eUICC     |

  @req:operations/own-id
  Scenario: Each task has an id of its own
    Given an eUICC
    And the eUICC has a disabled eSIM "A"
    When the request "enableEsim" is sent for eSIM "A"
    And the request "disableEsim" is sent for eSIM "A"
    Then every operation completes with outcome "success"
    And the operations have different operationIds

  @req:errors/documented-properties
  Scenario: Every documented property of a download is accepted
    Given an eUICC
    And the SM-DP+ has an order "N" for it
    And the request body property "$.types" is set to ["operation-completed"]
    And the request body property "$.config.subscriptionDetail.imei" is set to "490154203237518"
    And the request body property "$.config.initialEvent" is set to false
    And the request body property "$.config.subscriptionMaxEvents" is set to 1
    And the request body property "$.config.subscriptionExpireTime" is set to "2099-12-31T23:59:59Z"
    When the request "downloadEsim" is sent for eSIM "N"
    Then the operation is accepted
    And the operation completes with outcome "success"

  @req:errors/missing-property @req:errors/wrong-type @req:errors/wrong-pattern @req:errors/unknown-property
  Scenario: A query with one mistake in its body is refused
    Given an eUICC
    And the eUICC has a disabled eSIM "A"
    When the request "retrieveOperation" is sent for eSIM "A" with each mistake that its body leaves room for
    Then each response is 400 "INVALID_ARGUMENT"

  @req:answers/x-correlator-pattern
  Scenario: A backslash is no character of an x-correlator
    Given an eUICC
    And the header "x-correlator" is set to "one\\two"
    When the request "getEsimStatus" is sent for the eUICC
    Then the response is 400 "INVALID_ARGUMENT"
