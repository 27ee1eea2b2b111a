Feature: Delete of an eSIM
  Deletion removes an eSIM from the eUICC for good.

  Background: Common setup
    Given an environment at "apiRoot"
    And the header "Authorization" is set to a valid access token
    And the header "Content-Type" is set to "application/json"
    And the header "x-correlator" is set to a UUID value

  @req:delete/removes @req:operations/accepted @req:operations/location @req:authorization/scope-sufficient
  Scenario: A disabled eSIM is removed
    Given an eUICC
    And the eUICC has an enabled eSIM "A"
    And the eUICC has a disabled eSIM "B"
    And the eUICC has a disabled eSIM "C"
    When the request "deleteEsim" is sent for eSIM "B"
    Then the operation is accepted
    And the response header "Content-Type" is "application/json"
    And the response header "x-correlator" has the same value as the request header "x-correlator"
    And the operation completes with outcome "success"
    And eSIM "B" is neither on the eUICC nor in the API
    And eSIM "A" is enabled, on the eUICC and in the API
    And eSIM "C" is disabled, on the eUICC and in the API
    And the outcome is reported once, after the eUICC had done it

  @req:delete/is-final
  Scenario Outline: <request> of an eSIM that was deleted is refused
    Given an eUICC
    And the eUICC has a disabled eSIM "A"
    When the request "deleteEsim" is sent for eSIM "A"
    Then the operation completes with outcome "success"
    When the request "<request>" is sent for eSIM "A"
    Then the request is refused as one that names an unknown eSIM
    And the eUICC did "profile-deleted"

    Examples:
      | request     |
      | enableEsim  |
      | disableEsim |
      | deleteEsim  |

    @needs:fallback
    Examples: the fallback
      | request         |
      | setFallbackEsim |

  @req:delete/is-final @needs:status-of-one
  Scenario: A deleted eSIM has no status any more
    Given an eUICC
    And the eUICC has a disabled eSIM "A"
    When the request "deleteEsim" is sent for eSIM "A"
    Then the operation completes with outcome "success"
    When the request "getEsimStatus" is sent for eSIM "A"
    Then the status request is refused as one that names an unknown eSIM

  @req:delete/enabled-is-disabled-first
  Scenario: Delete of an enabled eSIM disables it first
    Given an eUICC
    And the eUICC has an enabled eSIM "A"
    And the eUICC has a disabled eSIM "B"
    When the request "deleteEsim" is sent for eSIM "A"
    Then the operation is accepted
    And the operation completes with outcome "success"
    And eSIM "A" is neither on the eUICC nor in the API
    And eSIM "B" is disabled, on the eUICC and in the API
    And the eUICC did "profile-disabled A, profile-deleted A" in this order
    And the outcome is reported once, after the eUICC had done it

  @req:delete/enabled-is-kept
  Scenario: Delete of an enabled eSIM is a conflict
    Given an eUICC
    And the eUICC has an enabled eSIM "A"
    When the request "deleteEsim" is sent for eSIM "A"
    Then it is refused or fails for "enabled when deleted"
    And eSIM "A" is enabled, on the eUICC and in the API
