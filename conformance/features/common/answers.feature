Feature: What every answer has in common
  Answers are JSON after their schema, and carry the x-correlator of the request.

  Background: Common setup
    Given an environment at "apiRoot"
    And the header "Authorization" is set to a valid access token
    And the header "Content-Type" is set to "application/json"
    And the header "x-correlator" is set to a UUID value

  @req:answers/x-correlator-echoed @req:answers/json @req:answers/schema @req:answers/declared-members
  Scenario Outline: The answer to <request> is JSON after its schema and echoes the x-correlator
    Given an eUICC with an eSIM "A" that fits the request "<request>"
    And the header "x-correlator" is set to "b4333c46-49c0-4f62-80d7-f0ef930f1c46_:;.<>{}/"
    When the request "<request>" is sent for eSIM "A"
    Then the request is granted
    And the response header "Content-Type" is "application/json"
    And the response header "x-correlator" has the same value as the request header "x-correlator"
    And the response body has declared members only

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

  @req:answers/x-correlator-echoed @req:answers/json @req:errors/shape @req:answers/declared-members
  Scenario: The answer about an unknown operation is JSON after its schema and echoes the x-correlator
    Given an eUICC
    When the request "retrieveOperation" is sent for operationId "0e3a3f0e-6d4f-4c53-9d58-6f2f6a6f5a04"
    Then the request is refused as one that names an unknown operation
    And the response header "Content-Type" is "application/json"
    And the response header "x-correlator" has the same value as the request header "x-correlator"
    And the response body complies with the schema at "/components/schemas/ErrorInfo"
    And the response body has declared members only

  @req:answers/x-correlator-echoed @req:errors/shape @req:answers/json
  Scenario Outline: The x-correlator is echoed on error <status> too
    Given an eUICC
    And the eUICC has a disabled eSIM "A"
    And <condition>
    When the request "enableEsim" is sent for eSIM "A"
    Then the response status code is <status>
    And the response header "x-correlator" has the same value as the request header "x-correlator"

    Examples:
      | status | condition                                                                             |
      | 400    | the request body property "$.nonsense" is set to true                                 |
      | 401    | the header "Authorization" is removed                                                 |
      | 403    | the header "Authorization" is set to an access token without the scope of "enableEsim" |
      | 415    | the header "Content-Type" is set to "application/xml"                                 |

  @req:answers/x-correlator-echoed
  Scenario: The x-correlator is echoed on 404 and 405 too
    When the request GET "/nowhere" is sent below the base path
    Then the response status code is 404
    And the response header "x-correlator" has the same value as the request header "x-correlator"
    When the request "enableEsim" is sent with the method GET
    Then the response status code is 405
    And the response header "x-correlator" has the same value as the request header "x-correlator"

  @req:answers/x-correlator-echoed
  Scenario: An x-correlator of 256 characters is echoed
    Given an eUICC
    And the header "x-correlator" is set to 256 times "x"
    When the request "getEsimStatus" is sent for the eUICC
    Then the request is granted
    And the response header "x-correlator" has the same value as the request header "x-correlator"

  @req:answers/x-correlator-generated
  Scenario: An x-correlator is generated when none was sent
    Given an eUICC
    And the header "x-correlator" is removed
    When the request "getEsimStatus" is sent for the eUICC
    Then the request is granted
    And the response header "x-correlator" exists

  @req:answers/x-correlator-pattern
  Scenario Outline: <request> with an x-correlator that <breaks the pattern> is refused
    Given an eUICC
    And the eUICC has a disabled eSIM "A"
    And the header "x-correlator" is set to <value>
    When the request "<request>" is sent for eSIM "A"
    Then the response is 400 "INVALID_ARGUMENT"
    And the response property "$.message" contains a user friendly text
    And the eUICC is left as it was

    Examples:
      | breaks the pattern | value              | request           |
      | has a space        | "not a correlator" | enableEsim        |
      | has a space        | "not a correlator" | getEsimStatus     |
      | has a sign         | "correlator?"      | retrieveOperation |
      | has 257 characters | 257 times "x"      | enableEsim        |
      | has a space        | "not a correlator" | downloadEsim      |
      | has a space        | "not a correlator" | disableEsim       |
      | has a space        | "not a correlator" | deleteEsim        |

    @needs:fallback
    Examples: the fallback
      | breaks the pattern | value              | request         |
      | has a space        | "not a correlator" | setFallbackEsim |
