Feature: Operations at the same time
  Several clients operate one eUICC at once. Some order of their operations explains every outcome, and the eUICC is as that order leaves it.

  Background: Common setup
    Given an environment at "apiRoot"
    And the header "Authorization" is set to a valid access token
    And the header "Content-Type" is set to "application/json"
    And the header "x-correlator" is set to a UUID value

  @req:operations/one-at-a-time @req:operations/executed-once @req:profiles/at-most-one-enabled @req:retrieve-status/is-the-truth @req:events/exactly-one
  Scenario Outline: <title>
    When several clients send these operations, those of one line at the same time
      | <operations> |
      | <afterwards> |
    Then the eUICC and the API were after each batch as the model says

    Examples: with eSIM A enabled, B disabled, and an order for N
      | title                                        | operations             | afterwards |
      | An eSIM is enabled twice at once             | enable B, enable B     | disable B  |
      | One eSIM is enabled while another is         | enable B, disable A    | enable A   |
      | An eSIM is deleted while it is being enabled | enable B, delete B     | enable A   |
      | An eSIM is deleted while another is enabled  | enable B, delete A     | disable B  |
      | An eSIM is deleted twice at once             | delete B, delete B     | disable A  |
      | An eSIM is downloaded twice at once          | download N, download N | enable N   |
