Feature: Requests about subscriptions
  What every request and every answer has in common.

  Background: Common setup
    Given an environment at "apiRoot"
    And the header "Authorization" is set to a valid access token
    And the header "Content-Type" is set to "application/json"
    And the header "x-correlator" is set to a UUID value

  @req:authorization/token-required
  Scenario Outline: <request> without a bearer token is refused
    Given an eUICC
    And the eUICC has a disabled eSIM "A"
    When the request "<request>" is sent for eSIM "A" with each of these values of the header "Authorization"
      | none                       |
      | Basic dXNlcjpwYXNzd29yZA== |
      | Bearer                     |
      | Basic {access token}       |
      | {access token}             |
    Then each response is 401 "UNAUTHENTICATED" with a WWW-Authenticate header for Bearer

    Examples:
      | request            |
      | createSubscription |
      | listSubscriptions  |
      | getSubscription    |
      | deleteSubscription |

  @req:authorization/token-genuine
  Scenario Outline: <request> with a token that is not genuine is refused
    Given an eUICC
    And the eUICC has a disabled eSIM "A"
    When the request "<request>" is sent for eSIM "A" with each of these access tokens
      | malformed                              |
      | unsigned                               |
      | changed after signing                  |
      | signed by an unknown key               |
      | naming an unknown key                  |
      | bringing its own key                   |
      | signed with the public key as a secret |
    Then each response is 401 "UNAUTHENTICATED" with a WWW-Authenticate header for Bearer

    Examples:
      | request            |
      | createSubscription |
      | listSubscriptions  |
      | getSubscription    |
      | deleteSubscription |

  @req:authorization/token-current @req:authorization/token-ours @needs:signing-key
  Scenario Outline: <request> with a genuine token of another time, issuer or audience is refused
    Given an eUICC
    And the eUICC has a disabled eSIM "A"
    When the request "<request>" is sent for eSIM "A" with each of these access tokens
      | expired              |
      | not valid yet        |
      | for another audience |
      | of another issuer    |
    Then each response is 401 "UNAUTHENTICATED" with a WWW-Authenticate header for Bearer

    Examples:
      | request            |
      | createSubscription |
      | listSubscriptions  |
      | getSubscription    |
      | deleteSubscription |

  @req:authorization/scheme-in-any-case
  Scenario: The scheme may be written in small letters
    Given an eUICC
    And the header "Authorization" is set to "bearer {access token}"
    When the subscriptions are listed
    Then the request is granted

  @req:authorization/scope-required
  Scenario Outline: <request> with any scope but its own is refused
    Given an eUICC
    And the eUICC has a disabled eSIM "A"
    When the request "<request>" is sent for eSIM "A" with an access token of each other scope, and of all of them together
    Then each response is 403 "PERMISSION_DENIED"

    Examples:
      | request            |
      | createSubscription |
      | listSubscriptions  |
      | getSubscription    |
      | deleteSubscription |

  @req:errors/malformed-json @req:errors/shape
  Scenario: A body that is no JSON object is refused
    Given an eUICC
    And the eUICC has a disabled eSIM "A"
    When the request "createSubscription" is sent for eSIM "A" with each of these bodies
      | {"sink":       |
      | no json at all |
      | []             |
      | null           |
      |                |
    Then each response is 400 "INVALID_ARGUMENT"

  @req:errors/missing-property @req:errors/wrong-type @req:errors/wrong-pattern @req:errors/unknown-property
  Scenario: A body with one mistake is refused
    Given an eUICC
    And the eUICC has a disabled eSIM "A"
    When the request "createSubscription" is sent for eSIM "A" with each mistake that its body leaves room for
    Then each response is 400 "INVALID_ARGUMENT"

  @req:errors/media-type
  Scenario: A body of another media type is refused
    Given an eUICC
    And the header "Content-Type" is set to "text/plain"
    When the request "createSubscription" is sent for the eUICC
    Then the response is 415 "UNSUPPORTED_MEDIA_TYPE"

  @req:errors/wrong-method
  Scenario: A wrong method is not allowed
    When the request "createSubscription" is sent with the method PUT
    Then the response is 405 "METHOD_NOT_ALLOWED"
    And the response header "Allow" names the method of "createSubscription"
    When the request "getSubscription" is sent with the method POST
    Then the response is 405 "METHOD_NOT_ALLOWED"
    And the response header "Allow" names the method of "getSubscription"

  @req:answers/x-correlator-echoed @req:answers/json @req:answers/schema @req:answers/declared-members
  Scenario: Answers are JSON after their schema and echo the x-correlator
    Given an eUICC
    And the header "x-correlator" is set to "b4333c46-49c0-4f62-80d7-f0ef930f1c46_:;.<>{}/"
    When the request "createSubscription" is sent for the eUICC
    Then the subscription becomes active
    And the response header "Content-Type" is "application/json"
    And the response header "x-correlator" has the same value as the request header "x-correlator"
    And the response body has declared members only
    When the request "getSubscription" is sent for the subscription
    Then the request is granted
    And the response header "x-correlator" has the same value as the request header "x-correlator"
    When the subscriptions are listed
    Then the request is granted
    And the response header "x-correlator" has the same value as the request header "x-correlator"

  @req:answers/x-correlator-generated
  Scenario: An x-correlator is generated when none was sent
    Given an eUICC
    And the header "x-correlator" is removed
    When the subscriptions are listed
    Then the request is granted
    And the response header "x-correlator" exists

  @req:answers/x-correlator-pattern
  Scenario: An x-correlator that breaks the pattern is refused
    Given an eUICC
    And the header "x-correlator" is set to "not a correlator"
    When the request "createSubscription" is sent for the eUICC
    Then the response is 400 "INVALID_ARGUMENT"
    When the subscriptions are listed
    Then the response is 400 "INVALID_ARGUMENT"

  @req:answers/x-correlator-pattern
  Scenario Outline: <request> with an x-correlator that breaks the pattern is refused
    Given an eUICC
    When the request "createSubscription" is sent for the eUICC
    Then the subscription becomes active
    When the header "x-correlator" is set to "not a correlator"
    And the request "<request>" is sent for the subscription
    Then the response is 400 "INVALID_ARGUMENT"

    Examples:
      | request            |
      | getSubscription    |
      | deleteSubscription |

  @req:errors/query-parameter
  Scenario Outline: A list asked for with <query> is refused
    Given an eUICC
    When the subscriptions are listed with "<query>"
    Then the response is 400 "INVALID_ARGUMENT"
    And the response property "$.message" contains a user friendly text

    Examples:
      | query                             |
      | expiresAt.lt=tomorrow             |
      | type=org.example.v0.nothing-ended |

  @req:errors/missing-property @req:errors/wrong-type @req:errors/wrong-pattern @req:errors/unknown-property @req:errors/shape
  Scenario: Bodies fuzzed from the schema are refused
    Given an eUICC
    And the eUICC has a disabled eSIM "A"
    When the request "createSubscription" is sent for eSIM "A" with 20 bodies fuzzed from its schema
    Then each response is 400 "INVALID_ARGUMENT"
