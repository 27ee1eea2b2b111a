Feature: Enable of an eSIM, POST /esim/enable
  An installed eSIM becomes active. Only one eSIM of an eUICC can be enabled, so the one that was enabled is disabled.

  Background: Common setup
    Given an environment at "apiRoot"
    And the header "Authorization" is set to a valid access token
    And the header "Content-Type" is set to "application/json"
    And the header "x-correlator" is set to a UUID value

  @req:esim-management/enable/enables @req:esim-management/errors/documented-properties
  Scenario: Every documented property of an enable is accepted
    Given an eUICC
    And the eUICC has a disabled eSIM "A"
    And the request body property "$.esim.eid" is set to the EID of the eUICC
    And the request body property "$.correlationId" is set to "order 4711"
    When the request "enableEsim" is sent for eSIM "A"
    Then the operation is accepted
    And the operation completes with outcome "success"
    And eSIM "A" is enabled, on the eUICC and in the API
