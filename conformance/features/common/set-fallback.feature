@needs:fallback
Feature: Fallback eSIM
  A disabled eSIM is designated as the one that is activated when the primary one fails. No state changes.

  Background: Common setup
    Given an environment at "apiRoot"
    And the header "Authorization" is set to a valid access token
    And the header "Content-Type" is set to "application/json"
    And the header "x-correlator" is set to a UUID value

  @req:set-fallback/designates @req:operations/accepted @req:operations/location @req:authorization/scope-sufficient
  Scenario: A disabled eSIM becomes the fallback
    Given an eUICC
    And the eUICC has an enabled eSIM "A"
    And the eUICC has a disabled eSIM "B"
    When the request "setFallbackEsim" is sent for eSIM "B"
    Then the operation is accepted
    And the response header "Content-Type" is "application/json"
    And the response header "x-correlator" has the same value as the request header "x-correlator"
    And the operation completes with outcome "success"
    And eSIM "B" is the fallback, on the eUICC and in the API
    And eSIM "B" is disabled, on the eUICC and in the API
    And eSIM "A" is enabled, on the eUICC and in the API
    And the outcome is reported once, after the eUICC had done it

  @req:set-fallback/only-one-fallback
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
    And the outcome is reported once, after the eUICC had done it

  @req:set-fallback/enabled-is-refused @req:set-fallback/enabled-is-refused-at-once
  Scenario: Set-fallback of an enabled eSIM is no success
    Given an eUICC
    And the eUICC has an enabled eSIM "A"
    When the request "setFallbackEsim" is sent for eSIM "A"
    Then it is refused or fails for "not disabled"
    And the eUICC has the eSIMs that it had before

  @req:set-fallback/not-allowed
  Scenario: An eSIM that may not become the fallback does not become it
    Given an eUICC
    And the eUICC has an enabled eSIM "A"
    And the eUICC has a disabled eSIM "B" that may not become the fallback
    When the request "setFallbackEsim" is sent for eSIM "B"
    Then it is refused or fails for "fallback not allowed"
    And the eUICC has the eSIMs that it had before
