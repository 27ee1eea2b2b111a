Feature: Requests that break the definition
  A request that breaks the definition is refused with a clear error and changes nothing.

  Background: Common setup
    Given an environment at "apiRoot"
    And the header "Authorization" is set to a valid access token
    And the header "Content-Type" is set to "application/json"
    And the header "x-correlator" is set to a UUID value

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

  @req:esim-management/errors/missing-property @req:esim-management/errors/unknown-property
  Scenario: What another request may say is unknown to this one
    Given an eUICC
    And the eUICC has a disabled eSIM "A"
    When the request "enableEsim" is sent for eSIM "A" with each of these changes
      | requirement      | property             | value                   |
      | unknown-property | $.activateOnDownload | true                    |
      | unknown-property | $.Sink               | "https://example.com"   |
      | unknown-property | $.esim.imei          | "490154203237518"       |
      | unknown-property | $.esim.state         | "enabled"               |
      | missing-property | $.esim               | {}                      |
    Then each response is 400 "INVALID_ARGUMENT"
    And the eUICC is left as it was
