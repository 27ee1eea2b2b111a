Feature: Events of tasks
  A task tells its sink once how it ended, and before that that it was accepted, if the request wants it.

  Background: Common setup
    Given an environment at "apiRoot"
    And the header "Authorization" is set to a valid access token
    And the header "Content-Type" is set to "application/json"
    And the header "x-correlator" is set to a UUID value

  @req:events/exactly-one @req:events/type @req:events/envelope @req:events/data @req:events/same-result @req:events/not-before-card @req:events/sane-time @req:delivery/no-credential
  Scenario Outline: Exactly one event follows <request>, after the eUICC had done it
    Given an eUICC with an eSIM "A" that fits the request "<request>"
    When the request "<request>" is sent for eSIM "A"
    Then the operation completes with outcome "success"
    And an event is received at the sink
    And the event body complies with the schema at "/components/schemas/EsimCloudEvent"
    And the event header "Authorization" is not sent
    And the event and the operation say the same result
    And no second event of it has arrived when another device has completed an operation

    Examples:
      | request      |
      | downloadEsim |
      | enableEsim   |
      | disableEsim  |
      | deleteEsim   |

  @req:events/exactly-one @req:events/same-result
  Scenario: A failed task is told, too
    Given an eUICC
    And the eUICC has an enabled eSIM "A"
    When the request "enableEsim" is sent for eSIM "A"
    Then the operation completes with outcome "failed"
    And an event is received at the sink
    And the event and the operation say the same result

  @req:events/only-for-accepted
  Scenario: A refused request sends no event
    Given an eUICC
    And the eUICC has a disabled eSIM "A"
    And the request body property "$.nonsense" is set to true
    When the request "enableEsim" is sent for eSIM "A"
    Then the response status code is 400
    When the request "enableEsim" is sent for eSIM "A"
    Then the operation completes with outcome "success"
    And exactly one event of each operation has arrived

  @req:events/id-unique
  Scenario: Each event has an id of its own
    Given an eUICC
    And the eUICC has an enabled eSIM "A"
    And the eUICC has a disabled eSIM "B"
    When the request "enableEsim" is sent for eSIM "B"
    And the request "enableEsim" is sent for eSIM "A"
    Then every operation completes
    And exactly one event of each operation has arrived
    And the events have different ids

  @req:events/initial
  Scenario: An initial event says that the task was accepted
    Given an eUICC
    And the eUICC has a disabled eSIM "A"
    And the device cannot be reached
    And the request body property "$.config.initialEvent" is set to true
    When the request "enableEsim" is sent for eSIM "A"
    Then the operation is accepted
    And an event that it is accepted is received at the sink
    And no event has arrived for it
    When the device can be reached again
    Then the operation completes with outcome "success"
    And exactly one event says that outcome, after the eUICC had done it

  @req:events/types
  Scenario: Only events of the named types are sent
    Given an eUICC
    And the eUICC has a disabled eSIM "A"
    And the request body property "$.config.initialEvent" is set to true
    And the request body property "$.types" is set to ["operation-accepted"]
    When the request "enableEsim" is sent for eSIM "A"
    Then the operation completes with outcome "success"
    And an event that it is accepted is received at the sink
    And no event of it has arrived when another device has completed an operation

  @req:events/max-events
  Scenario: No more events than wanted are sent
    Given an eUICC
    And the eUICC has a disabled eSIM "A"
    And the request body property "$.config.initialEvent" is set to true
    And the request body property "$.config.subscriptionMaxEvents" is set to 1
    When the request "enableEsim" is sent for eSIM "A"
    Then the operation completes with outcome "success"
    And an event that it is accepted is received at the sink
    And no event of it has arrived when another device has completed an operation

  @req:events/sink-is-optional
  Scenario: A task without a sink is executed like any other
    Given an eUICC
    And the eUICC has a disabled eSIM "A"
    And the request body property "$.sink" is removed
    When the request "enableEsim" is sent for eSIM "A"
    Then the operation is accepted
    And the operation completes with outcome "success"
    And eSIM "A" is enabled, on the eUICC and in the API
    And no event of it has arrived when another device has completed an operation

  @req:delivery/retried-until-taken @req:delivery/same-event-on-retry
  Scenario Outline: A delivery that ends with <failure> is tried again with the same event
    Given an eUICC
    And the eUICC has a disabled eSIM "A"
    And the sink answers "<failure>", then 204
    When the request "enableEsim" is sent for eSIM "A"
    Then the operation completes with outcome "success"
    And the event is delivered 2 times
    And every delivery carries the same event

    Examples:
      | failure |
      | 500     |
      | 429     |
      | 302     |
      | reset   |
      | silence |

  @req:delivery/late-is-taken
  Scenario: A sink that answers late has taken the event
    Given an eUICC
    And the eUICC has a disabled eSIM "A"
    When the sink is "late"
    And the sink answers "late"
    And the request "enableEsim" is sent for eSIM "A" as operation "taken"
    Then the event is delivered 1 times
    When the sink is "failing"
    And the sink answers "500, 500", then 204
    And the request "disableEsim" is sent for eSIM "A"
    Then the event is delivered 3 times
    And the event of operation "taken" was delivered once

  @req:delivery/ends-with-410
  Scenario: 410 ends the delivery without a retry
    Given an eUICC
    And the eUICC has a disabled eSIM "A"
    When the sink is "gone"
    And the sink answers "410"
    And the request "enableEsim" is sent for eSIM "A" as operation "gone"
    Then the operation completes with outcome "success"
    And the event is delivered 1 times
    When the sink is "failing"
    And the sink answers "500, 500", then 204
    And the request "disableEsim" is sent for eSIM "A"
    Then the event is delivered 3 times
    And the event of operation "gone" was delivered once
