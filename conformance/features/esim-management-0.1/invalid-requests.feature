Feature: Requests that break the definition
  A request that breaks the definition is refused with a clear error and changes nothing.

  Background: Common setup
    Given an environment at "apiRoot"
    And the header "Authorization" is set to a valid access token
    And the header "Content-Type" is set to "application/json"
    And the header "x-correlator" is set to a UUID value

  @req:esim-management/errors/malformed-json @req:esim-management/errors/shape @req:esim-management/errors/change-nothing
  Scenario Outline: <request> with a body that is no JSON object is refused
    Given an eUICC with an eSIM "A" that fits the request "<request>"
    When the request "<request>" is sent for eSIM "A" with each of these bodies
      | {"esim":                                                                                    |
      | no json at all                                                                              |
      | []                                                                                          |
      | null                                                                                        |
      | "text"                                                                                      |
      |                                                                                             |
      | {"esim":{"iccid":"8901260123456789012"},"sink":"https://example.com"} and more               |
      | {"esim":{"iccid":"8901260123456789012"},"sink":"https://example.com","__proto__":{"a":1}}    |
    Then each response is 400 "INVALID_ARGUMENT"
    And the eUICC is left as it was

    Examples:
      | request         |
      | downloadEsim    |
      | enableEsim      |
      | disableEsim     |
      | deleteEsim      |
      | setFallbackEsim |
      | getEsimStatus   |

  @req:esim-management/errors/missing-property @req:esim-management/errors/wrong-type @req:esim-management/errors/wrong-pattern @req:esim-management/errors/unknown-property
  Scenario: A download with a broken body is refused
    Given an eUICC
    And the eUICC has a disabled eSIM "A"
    And the SM-DP+ has an order "N" for it
    When the request "downloadEsim" is sent for eSIM "N" with each of these changes
      | requirement      | property             | value                                   |
      | missing-property | $.esim               | removed                                 |
      | missing-property | $.esim.eid           | removed                                 |
      | missing-property | $.esim.iccid         | removed                                 |
      | missing-property | $.activationCode     | removed                                 |
      | missing-property | $.sink               | removed                                 |
      | wrong-type       | $.esim               | "text"                                  |
      | wrong-type       | $.esim               | []                                      |
      | wrong-type       | $.esim               | null                                    |
      | wrong-type       | $.esim.eid           | 89049032000000000000000000000001        |
      | wrong-type       | $.esim.iccid         | 8901260123456789012                     |
      | wrong-type       | $.activationCode     | 1                                       |
      | wrong-type       | $.activateOnDownload | "true"                                  |
      | wrong-type       | $.sink               | 1                                       |
      | wrong-type       | $.sinkCredential     | "secret"                                |
      | wrong-type       | $.correlationId      | 1                                       |
      | wrong-pattern    | $.esim.eid           | "8904903200000000000000000000001"       |
      | wrong-pattern    | $.esim.eid           | "890490320000000000000000000000011"     |
      | wrong-pattern    | $.esim.eid           | "8904903200000000000000000000000A"      |
      | wrong-pattern    | $.esim.iccid         | "890126012345678901"                    |
      | wrong-pattern    | $.esim.iccid         | "890126012345678901234"                 |
      | wrong-pattern    | $.esim.iccid         | "890126012345678901F"                   |
      | wrong-pattern    | $.sink               | "no uri"                                |
      | unknown-property | $.nonsense           | true                                    |
      | unknown-property | $.Sink               | "https://example.com"                   |
      | unknown-property | $.esim.imei          | "490154203237518"                       |
    Then each response is 400 "INVALID_ARGUMENT"
    And the eUICC is left as it was

  @req:esim-management/errors/missing-property @req:esim-management/errors/wrong-type @req:esim-management/errors/wrong-pattern @req:esim-management/errors/unknown-property
  Scenario Outline: <request> with a broken body is refused
    Given an eUICC with an eSIM "A" that fits the request "<request>"
    When the request "<request>" is sent for eSIM "A" with each of these changes
      | requirement      | property             | value                               |
      | missing-property | $.esim               | removed                             |
      | missing-property | $.esim.iccid         | removed                             |
      | missing-property | $.sink               | removed                             |
      | wrong-type       | $.esim               | "text"                              |
      | wrong-type       | $.esim               | null                                |
      | wrong-type       | $.esim.iccid         | 8901260123456789012                 |
      | wrong-type       | $.esim.eid           | true                                |
      | wrong-type       | $.sink               | 1                                   |
      | wrong-type       | $.sinkCredential     | []                                  |
      | wrong-type       | $.correlationId      | {}                                  |
      | wrong-pattern    | $.esim.iccid         | "890126012345678901"                |
      | wrong-pattern    | $.esim.iccid         | "890126012345678901234"             |
      | wrong-pattern    | $.esim.iccid         | " 8901260123456789012"              |
      | wrong-pattern    | $.esim.eid           | "8904903200000000000000000000001"   |
      | wrong-pattern    | $.sink               | "no uri"                            |
      | unknown-property | $.nonsense           | true                                |
      | unknown-property | $.activateOnDownload | true                                |
      | unknown-property | $.esim.state         | "enabled"                           |
    Then each response is 400 "INVALID_ARGUMENT"
    And the eUICC is left as it was

    Examples:
      | request         |
      | enableEsim      |
      | disableEsim     |
      | deleteEsim      |
      | setFallbackEsim |

  @req:esim-management/errors/missing-property @req:esim-management/errors/wrong-type @req:esim-management/errors/wrong-pattern @req:esim-management/errors/unknown-property
  Scenario: A status request with a broken body is refused
    Given an eUICC
    And the eUICC has a disabled eSIM "A"
    When the request "getEsimStatus" is sent for eSIM "A" with each of these changes
      | requirement      | property     | value                             |
      | missing-property | $.esim       | removed                           |
      | missing-property | $.esim       | {}                                |
      | wrong-type       | $.esim       | "text"                            |
      | wrong-type       | $.esim.iccid | 8901260123456789012               |
      | wrong-type       | $.esim.eid   | 89049032000000000000000000000001  |
      | wrong-pattern    | $.esim.iccid | "890126012345678901"              |
      | wrong-pattern    | $.esim.eid   | "8904903200000000000000000000001" |
      | unknown-property | $.sink       | "https://example.com"             |
      | unknown-property | $.esim.state | "enabled"                         |
    Then each response is 400 "INVALID_ARGUMENT"

  @req:esim-management/errors/missing-property @req:esim-management/errors/wrong-pattern @req:esim-management/errors/unknown-property
  Scenario: A broken sinkCredential is refused
    Given an eUICC
    And the eUICC has a disabled eSIM "A"
    When the request "enableEsim" is sent for eSIM "A" with each of these changes
      | requirement      | property         | value                                                                                                                                                     |
      | missing-property | $.sinkCredential | {}                                                                                                                                                        |
      | missing-property | $.sinkCredential | { "credentialType": "PLAIN", "identifier": "user" }                                                                                                       |
      | missing-property | $.sinkCredential | { "credentialType": "ACCESSTOKEN", "accessTokenExpiresUtc": "2099-01-01T00:00:00Z", "accessTokenType": "bearer" }                                         |
      | wrong-pattern    | $.sinkCredential | { "credentialType": "PASSWORD", "identifier": "user", "secret": "not so secret" }                                                                         |
      | wrong-pattern    | $.sinkCredential | { "credentialType": "ACCESSTOKEN", "accessToken": "not so secret", "accessTokenExpiresUtc": "tomorrow", "accessTokenType": "bearer" }                     |
      | wrong-pattern    | $.sinkCredential | { "credentialType": "ACCESSTOKEN", "accessToken": "not so secret", "accessTokenExpiresUtc": "2099-01-01T00:00:00Z", "accessTokenType": "mac" }            |
      | unknown-property | $.sinkCredential | { "credentialType": "PLAIN", "identifier": "user", "secret": "not so secret", "nonsense": true }                                                          |
    Then each response is 400 "INVALID_ARGUMENT"
    And the eUICC is left as it was

  @req:esim-management/errors/media-type
  Scenario Outline: <request> with a body of another media type is refused
    Given an eUICC with an eSIM "A" that fits the request "<request>"
    And the header "Content-Type" is set to "text/plain"
    When the request "<request>" is sent for eSIM "A"
    Then the response status code is 415
    And the response property "$.status" is 415
    And the response property "$.code" is "UNSUPPORTED_MEDIA_TYPE"
    And the response property "$.message" contains a user friendly text
    And the eUICC is left as it was

    Examples:
      | request         |
      | downloadEsim    |
      | enableEsim      |
      | disableEsim     |
      | deleteEsim      |
      | setFallbackEsim |
      | getEsimStatus   |

  @req:esim-management/errors/too-large
  Scenario: A body that is too large is refused
    Given an eUICC
    And the eUICC has a disabled eSIM "A"
    When the request "enableEsim" is sent for eSIM "A" with a body that is too large
    Then the response is 413 "INVALID_ARGUMENT", or the connection was closed
    And the eUICC is left as it was

  @req:esim-management/errors/unknown-path
  Scenario Outline: <method> <path> is no resource
    When the request <method> "<path>" is sent
    Then the response status code is 404
    And the response property "$.status" is 404
    And the response property "$.code" is "NOT_FOUND"
    And the response property "$.message" contains a user friendly text

    Examples:
      | method | path             |
      | POST   | /esim/upload     |
      | GET    | /esim            |
      | GET    | /esim/operations |

  @req:esim-management/errors/wrong-method
  Scenario Outline: <method> <path> is not allowed
    When the request <method> "<path>" is sent
    Then the response status code is 405
    And the response property "$.status" is 405
    And the response property "$.code" is "METHOD_NOT_ALLOWED"
    And the response property "$.message" contains a user friendly text
    And the response header "Allow" names "<allowed>"

    Examples:
      | method | path                                                  | allowed |
      | GET    | /esim/download                                        | POST    |
      | PUT    | /esim/enable                                          | POST    |
      | DELETE | /esim/delete                                          | POST    |
      | GET    | /esim/disable                                         | POST    |
      | PATCH  | /esim/set-fallback                                    | POST    |
      | GET    | /esim/retrieve-status                                 | POST    |
      | POST   | /esim/operations/0e3a3f0e-6d4f-4c53-9d58-6f2f6a6f5a01 | GET     |
      | DELETE | /esim/operations/0e3a3f0e-6d4f-4c53-9d58-6f2f6a6f5a01 | GET     |

  @req:esim-management/errors/change-nothing
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
