Feature: What subscriptions tell
  Each completed operation that a subscription covers is told once; so are beginning and end of the subscription.

  Background: Common setup
    Given an environment at "apiRoot"
    And the header "Authorization" is set to a valid access token
    And the header "Content-Type" is set to "application/json"
    And the header "x-correlator" is set to a UUID value

  @req:events/exactly-one @req:events/type @req:events/envelope @req:events/data @req:events/same-result @req:events/not-before-card @req:events/sane-time @req:events/x-correlator @req:life/started
  Scenario Outline: <request> is told once, after the eUICC had done it
    Given an eUICC with an eSIM "A" that fits the request "<request>"
    When the request "createSubscription" is sent for the eUICC
    Then the subscription becomes active
    And the subscription tells that it has started, before anything else
    When the request "<request>" is sent for eSIM "A"
    Then the operation completes with outcome "success"
    And an event is received at the sink
    And the event and the operation say the same result
    And the event has the x-correlator of the request that started the operation
    And nothing more has arrived for it when another device has completed an operation

    Examples:
      | request         |
      | downloadEsim    |
      | enableEsim      |
      | disableEsim     |
      | deleteEsim      |
      | setFallbackEsim |

  @req:events/failure @req:events/exactly-one
  Scenario: A failed operation is told with its error
    Given an eUICC
    And the SM-DP+ has an order "N" for it that it refuses for its matchingId
    When the request "createSubscription" is sent for the eUICC
    And the request "downloadEsim" is sent for eSIM "N"
    Then the operation completes with outcome "failed"
    And an event is received at the sink
    And the event property "$.data.status" is "failed"
    And the event property "$.data.error.status" is 502
    And the event property "$.data.error.code" is "BAD_GATEWAY"
    And the event property "$.data.error.message" contains a user friendly text
    And the event property "$.data.result" does not exist

  @req:events/by-eid @req:events/id-unique
  Scenario: By EID every operation on the eUICC is told, and none on another
    Given an eUICC "other"
    And the eUICC has a disabled eSIM "B"
    And an eUICC
    And the eUICC has a disabled eSIM "A"
    When the request "createSubscription" is sent for the eUICC
    And the request "enableEsim" is sent for eSIM "B" as operation "elsewhere"
    Then the operation completes with outcome "success"
    When the request "enableEsim" is sent for eSIM "A" as operation "first"
    Then the operation completes with outcome "success"
    When the request "disableEsim" is sent for eSIM "A" as operation "second"
    Then the operation completes with outcome "success"
    And an event is received at the sink
    And the event of operation "first" was delivered once
    And the event of operation "second" was delivered once
    And operation "elsewhere" was not told

  @req:events/by-iccid
  Scenario: By ICCID every operation on the profile is told, and none on another
    Given an eUICC
    And the eUICC has an enabled eSIM "A"
    And the eUICC has a disabled eSIM "B"
    And the eUICC has a disabled eSIM "C"
    When the request "createSubscription" is sent for eSIM "B"
    And the request "setFallbackEsim" is sent for eSIM "C" as operation "of another"
    Then the operation completes with outcome "success"
    When the request "enableEsim" is sent for eSIM "B" as operation "of this"
    Then the operation completes with outcome "success"
    And an event is received at the sink
    And the event of operation "of this" was delivered once
    And operation "of another" was not told

  @req:events/by-operation
  Scenario: By operationId this operation is told, and no other
    Given an eUICC
    And the eUICC has a disabled eSIM "A"
    And the device cannot be reached
    When the request "enableEsim" is sent for eSIM "A" as operation "this"
    And the subscription is about the operation
    And the request "createSubscription" is sent for the eUICC
    Then the subscription becomes active
    When the device can be reached again
    Then the operation completes with outcome "success"
    And an event is received at the sink
    And the event of operation "this" was delivered once
    When the request "disableEsim" is sent for eSIM "A" as operation "another"
    Then the operation completes with outcome "success"
    And nothing more has arrived for it when another device has completed an operation
    And operation "another" was not told

  @req:events/initial
  Scenario: The operation that was completed last is told at once
    Given an eUICC
    And the eUICC has a disabled eSIM "A"
    When the request "enableEsim" is sent for eSIM "A" as operation "first"
    Then the operation completes with outcome "success"
    When the request "disableEsim" is sent for eSIM "A" as operation "last"
    Then the operation completes with outcome "success"
    When the request body property "$.config.initialEvent" is set to true
    And the request "createSubscription" is sent for the eUICC
    Then the subscription becomes active
    And operation "last" is told
    And the event of operation "last" was delivered once
    And operation "first" was not told

  @req:life/max-events
  Scenario: After the last event that was wanted a subscription ends
    Given an eUICC
    And the eUICC has a disabled eSIM "A"
    And the request body property "$.config.subscriptionMaxEvents" is set to 1
    When the request "createSubscription" is sent for the eUICC
    And the request "enableEsim" is sent for eSIM "A" as operation "first"
    Then the operation completes with outcome "success"
    And the subscription tells that it has ended with "MAX_EVENTS_REACHED"
    And the event of operation "first" was delivered once
    When the request "disableEsim" is sent for eSIM "A" as operation "second"
    Then the operation completes with outcome "success"
    And nothing more has arrived for it when another device has completed an operation
    And operation "second" was not told

  @req:life/initial-counts
  Scenario: The initial event counts
    Given an eUICC
    And the eUICC has a disabled eSIM "A"
    When the request "enableEsim" is sent for eSIM "A" as operation "first"
    Then the operation completes with outcome "success"
    When the request body property "$.config.initialEvent" is set to true
    And the request body property "$.config.subscriptionMaxEvents" is set to 1
    And the request "createSubscription" is sent for the eUICC
    Then the subscription tells that it has ended with "MAX_EVENTS_REACHED"
    And the event of operation "first" was delivered once

  @req:life/expired
  Scenario: A subscription ends when it expires
    Given an eUICC
    And the subscription is to expire in 5 seconds
    When the request "createSubscription" is sent for the eUICC
    Then the subscription tells that it has ended with "SUBSCRIPTION_EXPIRED"
    And the subscription becomes "EXPIRED"

  @req:life/token-expired
  Scenario: A subscription ends before the access token of its sink
    Given an eUICC
    And the request body property "$.sinkCredential" is set to an access token credential
    And the access token of the sink expires in 8 seconds
    When the request "createSubscription" is sent for the eUICC
    Then the subscription tells that it has ended with "ACCESS_TOKEN_EXPIRED"

  @req:delivery/bearer-credential @req:delivery/credential-never-returned
  Scenario: The access token is presented and never returned
    Given an eUICC
    And the eUICC has a disabled eSIM "A"
    And the request body property "$.sinkCredential" is set to an access token credential
    When the request "createSubscription" is sent for the eUICC
    Then the subscription becomes active
    And the response property "$.sinkCredential" does not exist
    When the request "enableEsim" is sent for eSIM "A"
    Then an event is received at the sink
    And the event header "Authorization" is "Bearer" and the access token of the subscription

  @req:delivery/retried-until-taken @req:delivery/same-event-on-retry
  Scenario Outline: A delivery that ends with <failure> is tried again with the same event
    Given an eUICC
    And the eUICC has a disabled eSIM "A"
    And the sink answers "204, <failure>", then 204
    When the request "createSubscription" is sent for the eUICC
    Then the subscription tells that it has started, before anything else
    When the request "enableEsim" is sent for eSIM "A"
    Then the event is delivered 2 times
    And every delivery carries the same event

    Examples:
      | failure |
      | 500     |
      | 302     |
      | reset   |
      | silence |

  @req:delivery/late-is-taken
  Scenario: A sink that answers late has taken the event
    Given an eUICC
    And the eUICC has a disabled eSIM "A"
    And the sink answers "204, late", then 204
    When the request "createSubscription" is sent for the eUICC
    Then the subscription tells that it has started, before anything else
    When the request "enableEsim" is sent for eSIM "A" as operation "taken"
    Then the event is delivered 1 times
    When the request "disableEsim" is sent for eSIM "A" as operation "next"
    Then operation "next" is told
    And the event of operation "taken" was delivered once

  @req:delivery/ends-with-410
  Scenario: 410 ends the subscription without a word
    Given an eUICC
    And the sink answers "410"
    When the request "createSubscription" is sent for the eUICC
    Then the subscription becomes "EXPIRED"
    And nothing more has arrived for it when another device has completed an operation
