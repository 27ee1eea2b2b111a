@fault @needs:virtual-time
Feature: Faults of the world around the provider
  Each fault that the testbed can be told, with the outcome that its catalogue promises: a failure is told, a disturbance overcome, a wait waited for.

  Background: Common setup
    Given an environment at "apiRoot"
    And the header "Authorization" is set to a valid access token
    And the header "Content-Type" is set to "application/json"
    And the header "x-correlator" is set to a UUID value

  @req:esim-management/faults/failure-is-told @req:esim-management/faults/overcome @req:esim-management/faults/waits @req:esim-management/faults/truth-afterwards
  Scenario Outline: <fault>
    Given the fault "<fault>" at an eUICC
    When the operation that the fault is about is asked for
    Then it ends as the catalogue of faults promises
    And exactly one event says that outcome, after the eUICC had done it
    And the API shows the eSIMs as the eUICC has them, when the fault is over

    Examples: The eUICC
      | fault                          |
      | card/cat-busy                  |
      | card/memory-full               |
      | card/power-loss                |
      | card/status-word               |
      | card/package-not-carried-out   |
      | card/channel-lost              |
      | card/slow                      |
      | card/answer-truncated          |
      | card/session-signature-corrupt |
      | card/result-signature-corrupt  |
      | card/wrong-counter             |
      | card/notifications-lost        |

    Examples: The IPA
      | fault                        |
      | ipa/offline                  |
      | ipa/late-poll                |
      | ipa/lost-result              |
      | ipa/duplicate-result         |
      | ipa/crash                    |
      | ipa/wrong-eim-transaction-id |
      | ipa/unsigned-result          |
      | ipa/notification-not-sent    |

    Examples: The eIM
      | fault                       |
      | eim/bad-package-signature   |
      | eim/wrong-association-token |
      | eim/duplicate-package       |
      | eim/status                  |
      | eim/garbage                 |
      | eim/acknowledgement-lost    |
      | eim/restart                 |
      | eim/northbound-status       |

    Examples: The SM-DP+
      | fault                                   |
      | smdp/matching-id-refused                |
      | smdp/eid-refused                        |
      | smdp/profile-not-released               |
      | smdp/order-expired                      |
      | smdp/retries-exceeded                   |
      | smdp/confirmation-code-missing          |
      | smdp/confirmation-code-refused          |
      | smdp/confirmation-code-retries-exceeded |
      | smdp/rebinding-refused                  |
      | smdp/version-unsupported                |
      | smdp/ci-unsupported                     |
      | smdp/wrong-certificate                  |
      | smdp/bad-server-signature               |
      | smdp/other-transaction-id               |
      | smdp/other-metadata                     |
      | smdp/bad-mac                            |
      | smdp/oversized-segment                  |
      | smdp/no-header                          |
      | smdp/status                             |
      | smdp/slow                               |
      | smdp/tls-down                           |
      | smdp/tls-wrong-certificate              |
      | smdp/profile-with-ppr1                  |
      | smdp/profile-with-ppr2                  |

    Examples: The network between them
      | fault                     |
      | network/delay             |
      | network/request-lost      |
      | network/answer-lost       |
      | network/cut               |
      | network/body-truncated    |
      | network/bit-flip          |
      | network/duplicate-request |
      | network/content-type      |
      | network/redirect          |
      | network/lost-at-random    |
