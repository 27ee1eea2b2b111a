Feature: Fallback eSIM, POST /esim/set-fallback
  A disabled eSIM is designated as the one that is activated when the primary one fails. No state changes.

  Background: Common setup
    Given an environment at "apiRoot"
    And the header "Authorization" is set to a valid access token
    And the header "Content-Type" is set to "application/json"
    And the header "x-correlator" is set to a UUID value

  @req:esim-management/set-fallback/designates @req:esim-management/operations/accepted @req:esim-management/authorization/scope-sufficient
  Scenario: A disabled eSIM becomes the fallback
    Given an eUICC
    And the eUICC has an enabled eSIM "A"
    And the eUICC has a disabled eSIM "B"
    When the request "setFallbackEsim" is sent for eSIM "B"
    Then the response status code is 202
    And the response header "Content-Type" is "application/json"
    And the response header "x-correlator" has the same value as the request header "x-correlator"
    And the response body complies with the schema at "/components/schemas/ESimResponse"
    And the response property "$.operation" is "set-fallback"
    And the response property "$.status" is "accepted"
    And the response property "$.esim.iccid" has the same value as the request body property "$.esim.iccid"
    And the response property "$.result" does not exist
    And the operation completes with outcome "success"
    And eSIM "B" is the fallback, on the eUICC and in the API
    And eSIM "B" is disabled, on the eUICC and in the API
    And eSIM "A" is enabled, on the eUICC and in the API
    And exactly one event says that outcome, after the eUICC had done it

  @req:esim-management/set-fallback/only-one-fallback
  Scenario: The designation moves from one eSIM to another
    Given an eUICC
    And the eUICC has an enabled eSIM "A"
    And the eUICC has a disabled eSIM "B" that is the fallback
    And the eUICC has a disabled eSIM "C"
    When the request "setFallbackEsim" is sent for eSIM "C"
    Then the operation is accepted
    And the operation completes with outcome "success"
    And eSIM "C" is the fallback, on the eUICC and in the API
    And eSIM "B" is not the fallback, on the eUICC and in the API
    And exactly one event says that outcome, after the eUICC had done it

  @req:esim-management/set-fallback/enabled-is-refused
  Scenario: Set-fallback of an enabled eSIM is accepted and fails
    Given an eUICC
    And the eUICC has an enabled eSIM "A"
    When the request "setFallbackEsim" is sent for eSIM "A"
    Then the operation is accepted
    And the operation completes with outcome "failed" and error 422 "ESIM_NOT_DISABLED"
    And the eUICC has the eSIMs that it had before
    And exactly one event says that outcome, after the eUICC had done it

  @req:esim-management/set-fallback/enabled-is-refused-at-once
  Scenario: Set-fallback of an enabled eSIM is refused at once
    Given an eUICC
    And the eUICC has an enabled eSIM "A"
    When the request "setFallbackEsim" is sent for eSIM "A"
    Then the response status code is 422
    And the response property "$.status" is 422
    And the response property "$.code" is "ESIM_NOT_DISABLED"
    And the response property "$.message" contains a user friendly text
    And the eUICC is left as it was

  @req:esim-management/set-fallback/not-allowed
  Scenario: An eSIM that may not become the fallback does not become it
    Given an eUICC
    And the eUICC has an enabled eSIM "A"
    And the eUICC has a disabled eSIM "B" that may not become the fallback
    When the request "setFallbackEsim" is sent for eSIM "B"
    Then the operation is accepted
    And the operation completes with outcome "failed" and error 422 "ESIM_FALLBACK_NOT_ALLOWED"
    And the eUICC has the eSIMs that it had before
    And exactly one event says that outcome, after the eUICC had done it
