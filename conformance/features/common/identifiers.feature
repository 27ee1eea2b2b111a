Feature: Devices and eSIMs that are not the caller's to name
  An identifier that nobody knows is refused, and so is one that belongs to somebody else, so that nothing is revealed unless that is declared.

  Background: Common setup
    Given an environment at "apiRoot"
    And the header "Authorization" is set to a valid access token
    And the header "Content-Type" is set to "application/json"
    And the header "x-correlator" is set to a UUID value

  @req:identifiers/unknown @req:identifiers/unknown-404 @req:identifiers/unknown-403
  Scenario Outline: <request> of an unknown eSIM is refused
    Given an eUICC
    And the eUICC has a disabled eSIM "A"
    And the request names an unknown eSIM
    When the request "<request>" is sent for eSIM "A"
    Then the request is refused as one that names an unknown eSIM
    And the eUICC is left as it was

    Examples:
      | request     |
      | enableEsim  |
      | disableEsim |
      | deleteEsim  |

    @needs:fallback
    Examples: the fallback
      | request         |
      | setFallbackEsim |

  @req:identifiers/unknown @req:identifiers/unknown-404 @req:identifiers/unknown-403
  Scenario Outline: <request> of an eSIM that has not been downloaded is refused
    Given an eUICC
    And the SM-DP+ has an order "N" for it
    When the request "<request>" is sent for eSIM "N"
    Then the request is refused as one that names an unknown eSIM
    And the eUICC is left as it was

    Examples:
      | request     |
      | enableEsim  |
      | disableEsim |
      | deleteEsim  |

    @needs:fallback
    Examples: the fallback
      | request         |
      | setFallbackEsim |

  @req:identifiers/unknown @req:identifiers/unknown-404 @req:identifiers/unknown-403
  Scenario: A download to an unknown eUICC is refused
    Given an eUICC
    And the SM-DP+ has an order "N" for it
    And the request names an unknown eUICC
    When the request "downloadEsim" is sent for eSIM "N"
    Then the request is refused as one that names an unknown eUICC
    And the eUICC is left as it was

  @req:identifiers/unknown-to-status
  Scenario: The status of an unknown eUICC is refused
    Given an eUICC
    And the request names an unknown eUICC
    When the request "getEsimStatus" is sent for the eUICC
    Then the status request is refused as one that names an unknown eUICC

  @req:identifiers/unknown-to-status @needs:status-of-one
  Scenario: The status of an unknown eSIM is refused
    Given an eUICC
    And the eUICC has a disabled eSIM "A"
    And the request names an unknown eSIM
    When the request "getEsimStatus" is sent for eSIM "A"
    Then the status request is refused as one that names an unknown eSIM

  @req:identifiers/pair-must-match
  Scenario Outline: <request> with the EID of another eUICC is refused
    Given an eUICC "other"
    And the eUICC has a disabled eSIM "B"
    And an eUICC
    And the eUICC has an enabled eSIM "A"
    And the request names the EID of the eUICC "other", too
    When the request "<request>" is sent for eSIM "A"
    Then the request is refused as one whose EID and ICCID are no pair
    And the eUICC is left as it was

    Examples:
      | request     |
      | enableEsim  |
      | disableEsim |
      | deleteEsim  |

    @needs:fallback
    Examples: the fallback
      | request         |
      | setFallbackEsim |

    @needs:status-of-one
    Examples: the status
      | request       |
      | getEsimStatus |

  @req:ownership/foreign-device @req:ownership/foreign-like-unknown @req:ownership/foreign-is-forbidden
  Scenario Outline: <request> of an eSIM of somebody else is refused and reveals nothing
    Given an eUICC of another tenant
    And the eUICC has an enabled eSIM "A"
    And the eUICC has a disabled eSIM "B"
    When the request "<request>" is sent for eSIM "<esim>"
    Then the request is refused as one about somebody else’s eSIM
    And the same request for an unknown eSIM gets the same answer, unless the difference is declared
    And the eUICC is left as it was

    Examples:
      | request     | esim |
      | enableEsim  | B    |
      | disableEsim | A    |
      | deleteEsim  | B    |

    @needs:fallback
    Examples: the fallback
      | request         | esim |
      | setFallbackEsim | B    |

    @needs:status-of-one
    Examples: the status
      | request       | esim |
      | getEsimStatus | A    |

  @req:ownership/foreign-device @req:ownership/foreign-like-unknown @req:ownership/foreign-is-forbidden
  Scenario: A download to an eUICC of somebody else is refused and reveals nothing
    Given an eUICC of another tenant
    And the SM-DP+ has an order "N" for it
    When the request "downloadEsim" is sent for eSIM "N"
    Then the request is refused as one about somebody else’s eUICC
    And the same request for an unknown eUICC gets the same answer, unless the difference is declared
    And the eUICC is left as it was

  @req:ownership/foreign-device @req:ownership/foreign-like-unknown @req:ownership/foreign-is-forbidden
  Scenario: The status of an eUICC of somebody else is refused and reveals nothing
    Given an eUICC of another tenant
    And the eUICC has an enabled eSIM "A"
    When the request "getEsimStatus" is sent for the eUICC
    Then the request is refused as one about somebody else’s eUICC
    And the same request for an unknown eUICC gets the same answer, unless the difference is declared

  @req:ownership/foreign-operation
  Scenario: An operation of somebody else is answered like an unknown one
    Given an eUICC of another tenant
    And the eUICC has a disabled eSIM "A"
    And the header "Authorization" is set to a valid access token of that tenant
    When the request "enableEsim" is sent for eSIM "A"
    Then the operation completes with outcome "success"
    When the header "Authorization" is set to a valid access token
    And the request "retrieveOperation" is sent for the operation
    Then the request is refused as one that names an unknown operation
    And the same request for an unknown operation gets the same answer
