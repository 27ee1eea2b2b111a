Feature: Disable of an eSIM, POST /esim/disable
  The active eSIM becomes inactive. It stays installed and can be enabled again.

  Background: Common setup
    Given an environment at "apiRoot"
    And the header "Authorization" is set to a valid access token
    And the header "Content-Type" is set to "application/json"
    And the header "x-correlator" is set to a UUID value

  @req:esim-management/disable/disables @req:esim-management/operations/accepted @req:esim-management/authorization/scope-sufficient
  Scenario: An enabled eSIM becomes disabled
    Given an eUICC
    And the eUICC has an enabled eSIM "A"
    And the eUICC has a disabled eSIM "B"
    When the request "disableEsim" is sent for eSIM "A"
    Then the response status code is 202
    And the response header "Content-Type" is "application/json"
    And the response header "x-correlator" has the same value as the request header "x-correlator"
    And the response body complies with the schema at "/components/schemas/ESimResponse"
    And the response property "$.operation" is "disable"
    And the response property "$.status" is "accepted"
    And the response property "$.esim.iccid" has the same value as the request body property "$.esim.iccid"
    And the response property "$.result" does not exist
    And the operation completes with outcome "success"
    And eSIM "A" is disabled, on the eUICC and in the API
    And eSIM "B" is disabled, on the eUICC and in the API
    And exactly one event says that outcome, after the eUICC had done it

  @req:esim-management/disable/stays-installed
  Scenario: A disabled eSIM can be enabled again
    Given an eUICC
    And the eUICC has an enabled eSIM "A"
    When the request "disableEsim" is sent for eSIM "A"
    Then the operation completes with outcome "success"
    When the request "enableEsim" is sent for eSIM "A"
    Then the operation completes with outcome "success"
    And eSIM "A" is enabled, on the eUICC and in the API
    And exactly one event says that outcome, after the eUICC had done it

  @req:esim-management/disable/not-enabled
  Scenario: Disable of a disabled eSIM is accepted and fails
    Given an eUICC
    And the eUICC has an enabled eSIM "A"
    And the eUICC has a disabled eSIM "B"
    When the request "disableEsim" is sent for eSIM "B"
    Then the operation is accepted
    And the operation completes with outcome "failed" and error 422 "ESIM_NOT_ENABLED"
    And the eUICC has the eSIMs that it had before
    And exactly one event says that outcome, after the eUICC had done it

  @req:esim-management/disable/not-enabled-at-once
  Scenario: Disable of a disabled eSIM is refused at once
    Given an eUICC
    And the eUICC has a disabled eSIM "A"
    When the request "disableEsim" is sent for eSIM "A"
    Then the response status code is 422
    And the response property "$.status" is 422
    And the response property "$.code" is "ESIM_NOT_ENABLED"
    And the response property "$.message" contains a user friendly text
    And the eUICC is left as it was
