Feature: Events at the sink
  Each operation is followed by one CloudEvent that says its result, not before the eUICC has done it.

  Background: Common setup
    Given an environment at "apiRoot"
    And the header "Authorization" is set to a valid access token
    And the header "Content-Type" is set to "application/json"
    And the header "x-correlator" is set to a UUID value

  @req:esim-management/events/exactly-one @req:esim-management/events/envelope @req:esim-management/events/data @req:esim-management/events/same-result @req:esim-management/events/not-before-card @req:esim-management/events/sane-time @req:esim-management/answers/declared-members @req:esim-management/events/named-after-operation @req:esim-management/events/one-type
  Scenario Outline: Exactly one event follows <request>, after the eUICC had done it
    Given an eUICC with an eSIM "A" that fits the request "<request>"
    When the request "<request>" is sent for eSIM "A"
    Then the operation completes with outcome "success"
    And an event is received at the sink
    And the event property "$.type" is that of "<event>" or, if so declared, that of all operations
    And the event header "Content-Type" is "application/cloudevents+json"
    And the event body complies with the schema at "/components/schemas/EsimCloudEvent"
    And the event property "$.specversion" is "1.0"
    And the event property "$.datacontenttype" is "application/json"
    And the event property "$.data.operationId" is that of the operation
    And the event property "$.data.operation" is "<operation>"
    And the event property "$.data.status" is "completed"
    And the event property "$.data.esim.eid" is the EID of the eUICC
    And the event property "$.data.esim.iccid" is the ICCID of eSIM "A"
    And the event property "$.data.result.outcome" is "success"
    And the event property "$.data.error" does not exist
    And the event and the operation say the same result
    And no second event of it has arrived when another device has completed an operation

    Examples:
      | request         | operation    | event             |
      | downloadEsim    | download     | esim-downloaded   |
      | enableEsim      | enable       | esim-enabled      |
      | disableEsim     | disable      | esim-disabled     |
      | deleteEsim      | delete       | esim-deleted      |
      | setFallbackEsim | set-fallback | esim-fallback-set |

  @req:esim-management/events/error-if-failed @req:esim-management/events/exactly-one @req:esim-management/events/same-result
  Scenario: A failed operation sends its event too, with the error
    Given an eUICC
    And the SM-DP+ has an order "N" for it that it refuses for its matchingId
    When the request "downloadEsim" is sent for eSIM "N"
    Then the operation completes with outcome "failed" and error 422 "ESIM_DOWNLOAD_FAILED"
    And an event is received at the sink
    And the event property "$.data.result.outcome" is "failed"
    And the event property "$.data.error.status" is 422
    And the event property "$.data.error.code" is "ESIM_DOWNLOAD_FAILED"
    And the event property "$.data.error.message" contains a user friendly text
    And the event and the operation say the same result
    And no second event of it has arrived when another device has completed an operation

  @req:esim-management/events/only-for-accepted
  Scenario: The event does not overtake the answer to its request
    Given an eUICC
    And the eUICC has a disabled eSIM "A"
    When the request "enableEsim" is sent for eSIM "A"
    Then the operation is accepted
    And an event is received at the sink
    And the event did not arrive before the answer to the request

  @req:esim-management/events/only-for-accepted
  Scenario: A refused request sends no event
    Given an eUICC
    And the eUICC has a disabled eSIM "A"
    And the request body property "$.nonsense" is set to true
    When the request "enableEsim" is sent for eSIM "A"
    Then the response status code is 400
    When the request "enableEsim" is sent for eSIM "A"
    Then the operation completes with outcome "success"
    And exactly one event of each operation has arrived

  @req:esim-management/events/id-unique
  Scenario: Each event has an id of its own
    Given an eUICC
    And the eUICC has an enabled eSIM "A"
    And the eUICC has a disabled eSIM "B"
    When the request "enableEsim" is sent for eSIM "B"
    And the request "enableEsim" is sent for eSIM "A"
    And the request "setFallbackEsim" is sent for eSIM "B"
    Then every operation completes
    And exactly one event of each operation has arrived
    And the events have different ids

  @req:esim-management/events/exactly-one
  Scenario: Operations with sinks of their own report each to its own
    Given an eUICC
    And the eUICC has an enabled eSIM "A"
    And the eUICC has a disabled eSIM "B"
    When the sink is "first"
    And the request "enableEsim" is sent for eSIM "B" as operation "first"
    And the sink is "second"
    And the request "enableEsim" is sent for eSIM "A" as operation "second"
    Then every operation completes
    And exactly one event of each operation has arrived
    And the event of operation "first" arrived at sink "first"
    And the event of operation "second" arrived at sink "second"
