Feature: Random sequences of operations
  Several clients operate one eUICC at random. After each batch some order of its operations explains every outcome, and the eUICC is as that order leaves it.

  Background: Common setup
    Given an environment at "apiRoot"
    And the header "Authorization" is set to a valid access token
    And the header "Content-Type" is set to "application/json"
    And the header "x-correlator" is set to a UUID value

  @model @req:operations/one-at-a-time @req:operations/executed-once @req:operations/result @req:profiles/at-most-one-enabled @req:retrieve-status/is-the-truth @req:events/exactly-one
  Scenario: What random sequences of several clients leave is what the model says
    When 3 random sequences of up to 4 batches of operations are sent by several clients
    Then the eUICC and the API were after each batch as the model says
