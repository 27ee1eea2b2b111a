Feature: Authorization
  Each operation needs a genuine, current access token with its scope, and no more than that.

  Background: Common setup
    Given an environment at "apiRoot"
    And the header "Content-Type" is set to "application/json"
    And the header "x-correlator" is set to a UUID value

  @req:authorization/token-required @req:errors/change-nothing
  Scenario Outline: <request> without a bearer token is refused
    Given an eUICC with an eSIM "A" that fits the request "<request>"
    When the request "<request>" is sent for eSIM "A" with each of these values of the header "Authorization"
      | none                                    |
      | Basic dXNlcjpwYXNzd29yZA==              |
      | Bearer                                  |
      | Basic {access token}                    |
      | {access token}                          |
    Then each response is 401 "UNAUTHENTICATED" with a WWW-Authenticate header for Bearer
    And the eUICC is left as it was

    Examples:
      | request           |
      | downloadEsim      |
      | enableEsim        |
      | disableEsim       |
      | deleteEsim        |
      | getEsimStatus     |
      | retrieveOperation |

    @needs:fallback
    Examples: the fallback
      | request           |
      | setFallbackEsim   |

  @req:authorization/token-genuine @req:errors/change-nothing
  Scenario Outline: <request> with a token that is not genuine is refused
    Given an eUICC with an eSIM "A" that fits the request "<request>"
    When the request "<request>" is sent for eSIM "A" with each of these access tokens
      | malformed                              |
      | unsigned                               |
      | changed after signing                  |
      | signed by an unknown key               |
      | naming an unknown key                  |
      | bringing its own key                   |
      | signed with the public key as a secret |
    Then each response is 401 "UNAUTHENTICATED" with a WWW-Authenticate header for Bearer
    And the eUICC is left as it was

    Examples:
      | request           |
      | downloadEsim      |
      | enableEsim        |
      | disableEsim       |
      | deleteEsim        |
      | getEsimStatus     |
      | retrieveOperation |

    @needs:fallback
    Examples: the fallback
      | request           |
      | setFallbackEsim   |

  @req:authorization/token-current @req:authorization/token-ours @needs:signing-key
  Scenario Outline: <request> with a genuine token of another time, issuer or audience is refused
    Given an eUICC with an eSIM "A" that fits the request "<request>"
    When the request "<request>" is sent for eSIM "A" with each of these access tokens
      | expired              |
      | not valid yet        |
      | for another audience |
      | of another issuer    |
    Then each response is 401 "UNAUTHENTICATED" with a WWW-Authenticate header for Bearer
    And the eUICC is left as it was

    Examples:
      | request           |
      | downloadEsim      |
      | enableEsim        |
      | disableEsim       |
      | deleteEsim        |
      | getEsimStatus     |
      | retrieveOperation |

    @needs:fallback
    Examples: the fallback
      | request           |
      | setFallbackEsim   |

  @req:authorization/scheme-in-any-case
  Scenario: The scheme may be written in small letters
    Given an eUICC
    And the header "Authorization" is set to "bearer {access token}"
    When the request "getEsimStatus" is sent for the eUICC
    Then the request is granted

  @req:authorization/scope-required @req:errors/change-nothing
  Scenario Outline: <request> with any scope but its own is refused
    Given an eUICC with an eSIM "A" that fits the request "<request>"
    When the request "<request>" is sent for eSIM "A" with an access token of each other scope, and of all of them together
    Then each response is 403 "PERMISSION_DENIED"
    And the eUICC is left as it was

    Examples:
      | request           |
      | downloadEsim      |
      | enableEsim        |
      | disableEsim       |
      | deleteEsim        |
      | getEsimStatus     |
      | retrieveOperation |

    @needs:fallback
    Examples: the fallback
      | request           |
      | setFallbackEsim   |
