Feature: Robustness
  Bodies fuzzed from the schema are refused like any other that breaks it, and change nothing.

  Background: Common setup
    Given an environment at "apiRoot"
    And the header "Authorization" is set to a valid access token
    And the header "Content-Type" is set to "application/json"
    And the header "x-correlator" is set to a UUID value

  @req:errors/missing-property @req:errors/wrong-type @req:errors/wrong-pattern @req:errors/unknown-property @req:errors/shape @req:errors/change-nothing
  Scenario Outline: <request> with bodies fuzzed from its schema is refused
    Given an eUICC with an eSIM "A" that fits the request "<request>"
    When the request "<request>" is sent for eSIM "A" with 20 bodies fuzzed from its schema
    Then each response is 400 "INVALID_ARGUMENT"
    And the eUICC is left as it was

    Examples:
      | request         |
      | downloadEsim    |
      | enableEsim      |
      | disableEsim     |
      | deleteEsim      |
      | getEsimStatus   |

    @needs:fallback
    Examples: the fallback
      | request         |
      | setFallbackEsim |
