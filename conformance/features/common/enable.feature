Feature: Enable of an eSIM
  An installed eSIM becomes active. Only one eSIM of an eUICC can be enabled, so the one that was enabled is disabled.

  Background: Common setup
    Given an environment at "apiRoot"
    And the header "Authorization" is set to a valid access token
    And the header "Content-Type" is set to "application/json"
    And the header "x-correlator" is set to a UUID value

  @req:enable/enables @req:operations/accepted @req:operations/location @req:authorization/scope-sufficient
  Scenario: A disabled eSIM becomes enabled
    Given an eUICC
    And the eUICC has a disabled eSIM "A"
    When the request "enableEsim" is sent for eSIM "A"
    Then the operation is accepted
    And the response header "Content-Type" is "application/json"
    And the response header "x-correlator" has the same value as the request header "x-correlator"
    And the operation completes with outcome "success"
    And eSIM "A" is enabled, on the eUICC and in the API
    And the outcome is reported once, after the eUICC had done it

  @req:enable/only-one-enabled
  Scenario: Enabling an eSIM disables the one that was enabled
    Given an eUICC
    And the eUICC has an enabled eSIM "A"
    And the eUICC has a disabled eSIM "B"
    And the eUICC has a disabled eSIM "C"
    When the request "enableEsim" is sent for eSIM "B"
    Then the operation is accepted
    And the operation completes with outcome "success"
    And eSIM "B" is enabled, on the eUICC and in the API
    And eSIM "A" is disabled, on the eUICC and in the API
    And eSIM "C" is disabled, on the eUICC and in the API
    And the outcome is reported once, after the eUICC had done it

  @req:enable/already-enabled @req:enable/already-enabled-at-once
  Scenario: Enable of an enabled eSIM is no success
    Given an eUICC
    And the eUICC has an enabled eSIM "A"
    And the eUICC has a disabled eSIM "B"
    When the request "enableEsim" is sent for eSIM "A"
    Then it is refused or fails for "not disabled"
    And the eUICC has the eSIMs that it had before
