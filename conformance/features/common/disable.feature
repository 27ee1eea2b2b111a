Feature: Disable of an eSIM
  The active eSIM becomes inactive. It stays installed and can be enabled again.

  Background: Common setup
    Given an environment at "apiRoot"
    And the header "Authorization" is set to a valid access token
    And the header "Content-Type" is set to "application/json"
    And the header "x-correlator" is set to a UUID value

  @req:disable/disables @req:operations/accepted @req:operations/location @req:authorization/scope-sufficient
  Scenario: An enabled eSIM becomes disabled
    Given an eUICC
    And the eUICC has an enabled eSIM "A"
    And the eUICC has a disabled eSIM "B"
    When the request "disableEsim" is sent for eSIM "A"
    Then the operation is accepted
    And the response header "Content-Type" is "application/json"
    And the response header "x-correlator" has the same value as the request header "x-correlator"
    And the operation completes with outcome "success"
    And eSIM "A" is disabled, on the eUICC and in the API
    And eSIM "B" is disabled, on the eUICC and in the API
    And the outcome is reported once, after the eUICC had done it

  @req:disable/stays-installed
  Scenario: A disabled eSIM can be enabled again
    Given an eUICC
    And the eUICC has an enabled eSIM "A"
    When the request "disableEsim" is sent for eSIM "A"
    Then the operation completes with outcome "success"
    When the request "enableEsim" is sent for eSIM "A"
    Then the operation completes with outcome "success"
    And eSIM "A" is enabled, on the eUICC and in the API
    And the outcome is reported once, after the eUICC had done it

  @req:disable/not-enabled @req:disable/not-enabled-at-once
  Scenario: Disable of a disabled eSIM is no success
    Given an eUICC
    And the eUICC has an enabled eSIM "A"
    And the eUICC has a disabled eSIM "B"
    When the request "disableEsim" is sent for eSIM "B"
    Then it is refused or fails for "not enabled"
    And the eUICC has the eSIMs that it had before
