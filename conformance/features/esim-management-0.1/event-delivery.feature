Feature: Delivery of events
  2xx ends the delivery of an event, 410 ends it without a retry, everything else is tried again.

  Background: Common setup
    Given an environment at "apiRoot"
    And the header "Authorization" is set to a valid access token
    And the header "Content-Type" is set to "application/json"
    And the header "x-correlator" is set to a UUID value

  @req:esim-management/delivery/same-event-on-retry @req:esim-management/delivery/retried-until-taken @req:esim-management/delivery/operation-unaffected
  Scenario Outline: A delivery that ends with <failure> is tried again with the same event
    Given an eUICC
    And the eUICC has a disabled eSIM "A"
    And the sink answers "<failure>", then 204
    When the request "enableEsim" is sent for eSIM "A"
    Then the operation completes with outcome "success"
    And the event is delivered 2 times
    And every delivery carries the same event
    And eSIM "A" is enabled, on the eUICC and in the API

    Examples:
      | failure |
      | 500     |
      | 503     |
      | 404     |
      | 429     |
      | 302     |
      | reset   |

  @req:esim-management/delivery/retried-until-taken
  Scenario: A sink that does not answer is tried again
    Given an eUICC
    And the eUICC has a disabled eSIM "A"
    And the sink answers "silence", then 204
    When the request "enableEsim" is sent for eSIM "A"
    Then the operation completes with outcome "success"
    And the event is delivered 2 times
    And every delivery carries the same event

  @req:esim-management/delivery/late-is-taken
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

  @req:esim-management/delivery/growing-intervals @req:esim-management/delivery/same-event-on-retry
  Scenario: The intervals between attempts grow
    Given an eUICC
    And the eUICC has a disabled eSIM "A"
    And the sink answers "500, 500, 500, 500, 500, 500", then 204
    When the request "enableEsim" is sent for eSIM "A"
    Then the operation completes with outcome "success"
    And the intervals between the deliveries of events about eSIM "A" grow
    And every delivery carries the same event

  @req:esim-management/delivery/ends-with-410
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

  @req:esim-management/delivery/ends-with-2xx
  Scenario Outline: <status> ends the delivery
    Given an eUICC
    And the eUICC has a disabled eSIM "A"
    When the sink is "taking"
    And the sink answers "<status>"
    And the request "enableEsim" is sent for eSIM "A" as operation "taken"
    Then the event is delivered 1 times
    When the sink is "failing"
    And the sink answers "500, 500", then 204
    And the request "disableEsim" is sent for eSIM "A"
    Then the event is delivered 3 times
    And the event of operation "taken" was delivered once

    Examples:
      | status |
      | 200    |
      | 202    |

  @req:esim-management/delivery/bearer-credential @req:esim-management/delivery/credential-never-returned
  Scenario Outline: <article> <credential> credential is presented as bearer token and never returned
    Given an eUICC
    And the eUICC has a disabled eSIM "A"
    And the request body property "$.sinkCredential" is set to <article> <credential> credential
    When the request "enableEsim" is sent for eSIM "A"
    Then the operation is accepted
    And the operation completes with outcome "success"
    And an event is received at the sink
    And the event header "Authorization" is "Bearer" and the access token of the sinkCredential
    And nothing that the provider sent contains the sinkCredential

    Examples:
      | article | credential    |
      | an      | access token  |
      | a       | refresh token |

  @req:esim-management/delivery/plain-credential @req:esim-management/delivery/credential-never-returned
  Scenario: A plain credential is presented as basic authorization and never returned
    Given an eUICC
    And the eUICC has a disabled eSIM "A"
    And the request body property "$.sinkCredential" is set to a plain credential
    When the request "enableEsim" is sent for eSIM "A"
    Then the operation is accepted
    And the operation completes with outcome "success"
    And an event is received at the sink
    And the event header "Authorization" is "Basic" and the identifier and secret of the sinkCredential
    And nothing that the provider sent contains the sinkCredential

  @req:esim-management/delivery/no-credential
  Scenario: Without sinkCredential no authorization is presented
    Given an eUICC
    And the eUICC has a disabled eSIM "A"
    When the request "enableEsim" is sent for eSIM "A"
    Then an event is received at the sink
    And the event header "Authorization" is not sent

  @req:esim-management/delivery/bearer-credential
  Scenario: A retry presents the sinkCredential too
    Given an eUICC
    And the eUICC has a disabled eSIM "A"
    And the sink answers "500", then 204
    And the request body property "$.sinkCredential" is set to an access token credential
    When the request "enableEsim" is sent for eSIM "A"
    Then the event is delivered 2 times
    And the event header "Authorization" is "Bearer" and the access token of the sinkCredential
