Feature: Requests that break the definition
  A request that breaks the definition is refused with a clear error and changes nothing.

  Background: Common setup
    Given an environment at "apiRoot"
    And the header "Authorization" is set to a valid access token
    And the header "Content-Type" is set to "application/json"
    And the header "x-correlator" is set to a UUID value

  @req:errors/malformed-json @req:errors/shape @req:errors/change-nothing
  Scenario Outline: <request> with a body that is no JSON object is refused
    Given an eUICC with an eSIM "A" that fits the request "<request>"
    When the request "<request>" is sent for eSIM "A" with each of these bodies
      | {"esim":                       |
      | no json at all                 |
      | []                             |
      | null                           |
      | "text"                         |
      |                                |
      | {} and more                    |
      | {"__proto__":{"a":1}}          |
    Then each response is 400 "INVALID_ARGUMENT"
    And the eUICC is left as it was

    Examples:
      | request       |
      | downloadEsim  |
      | enableEsim    |
      | disableEsim   |
      | deleteEsim    |
      | getEsimStatus |

    @needs:fallback
    Examples: the fallback
      | request         |
      | setFallbackEsim |

  @req:errors/missing-property @req:errors/wrong-type @req:errors/wrong-pattern @req:errors/unknown-property
  Scenario Outline: <request> with one mistake in its body is refused
    Given an eUICC with an eSIM "A" that fits the request "<request>"
    When the request "<request>" is sent for eSIM "A" with each mistake that its body leaves room for
    Then each response is 400 "INVALID_ARGUMENT"
    And the eUICC is left as it was

    Examples:
      | request       |
      | downloadEsim  |
      | enableEsim    |
      | disableEsim   |
      | deleteEsim    |
      | getEsimStatus |

    @needs:fallback
    Examples: the fallback
      | request         |
      | setFallbackEsim |

  @req:errors/media-type
  Scenario Outline: <request> with a body of another media type is refused
    Given an eUICC with an eSIM "A" that fits the request "<request>"
    And the header "Content-Type" is set to "text/plain"
    When the request "<request>" is sent for eSIM "A"
    Then the response is 415 "UNSUPPORTED_MEDIA_TYPE"
    And the response property "$.message" contains a user friendly text
    And the eUICC is left as it was

    Examples:
      | request       |
      | downloadEsim  |
      | enableEsim    |
      | disableEsim   |
      | deleteEsim    |
      | getEsimStatus |

    @needs:fallback
    Examples: the fallback
      | request         |
      | setFallbackEsim |

  @req:errors/too-large
  Scenario: A body that is too large is refused
    Given an eUICC
    And the eUICC has a disabled eSIM "A"
    When the request "enableEsim" is sent for eSIM "A" with a body that is too large
    Then the response is 413 "INVALID_ARGUMENT", or the connection was closed
    And the eUICC is left as it was

  @req:errors/unknown-path
  Scenario Outline: <method> <path> is no resource
    When the request <method> "<path>" is sent below the base path
    Then the response is 404 "NOT_FOUND"
    And the response property "$.message" contains a user friendly text

    Examples:
      | method | path     |
      | POST   | /upload  |
      | GET    | /nowhere |

  @req:errors/wrong-method
  Scenario Outline: <request> by <method> is not allowed
    When the request "<request>" is sent with the method <method>
    Then the response is 405 "METHOD_NOT_ALLOWED"
    And the response property "$.message" contains a user friendly text
    And the response header "Allow" names the method of "<request>"

    Examples:
      | method | request           |
      | GET    | downloadEsim      |
      | PUT    | enableEsim        |
      | DELETE | deleteEsim        |
      | GET    | getEsimStatus     |
      | PATCH  | disableEsim       |
      | DELETE | retrieveOperation |

    @needs:fallback
    Examples: the fallback
      | method | request         |
      | PATCH  | setFallbackEsim |

  @req:errors/change-nothing
  Scenario: A refused request is not executed later either
    Given an eUICC
    And the eUICC has an enabled eSIM "A"
    And the eUICC has a disabled eSIM "B"
    And the request body property "$.nonsense" is set to true
    When the request "deleteEsim" is sent for eSIM "B"
    Then the response status code is 400
    And the eUICC is left as it was
    When the request "disableEsim" is sent for eSIM "A"
    Then the operation completes with outcome "success"
    And eSIM "B" is disabled, on the eUICC and in the API
    And the eUICC did "profile-disabled"
