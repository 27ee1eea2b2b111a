Feature: Devices and eSIMs that are not the caller's to name
  An identifier that nobody knows and one that belongs to somebody else get the same answer, so that nothing is revealed.

  Background: Common setup
    Given an environment at "apiRoot"
    And the header "Authorization" is set to a valid access token
    And the header "Content-Type" is set to "application/json"
    And the header "x-correlator" is set to a UUID value

  @req:esim-management/identifiers/unknown @req:esim-management/identifiers/unknown-404 @req:esim-management/identifiers/unknown-403
  Scenario Outline: <request> of an unknown eSIM is refused
    Given an eUICC
    And the eUICC has a disabled eSIM "A"
    And the request body property "$.esim.iccid" is set to "8999999999999999997"
    When the request "<request>" is sent for eSIM "A"
    Then the request is refused as one that names an unknown eSIM
    And the eUICC is left as it was

    Examples:
      | request         |
      | enableEsim      |
      | disableEsim     |
      | deleteEsim      |
      | setFallbackEsim |

  @req:esim-management/identifiers/unknown @req:esim-management/identifiers/unknown-404 @req:esim-management/identifiers/unknown-403
  Scenario: A download to an unknown eUICC is refused
    Given an eUICC
    And the SM-DP+ has an order "N" for it
    And the request body property "$.esim.eid" is set to "89999999999999999999999999999975"
    When the request "downloadEsim" is sent for eSIM "N"
    Then the request is refused as one that names an unknown eSIM
    And the eUICC is left as it was

  @req:esim-management/identifiers/unknown-to-status
  Scenario Outline: The status of an unknown <identifier> is refused
    Given an eUICC
    And the eUICC has a disabled eSIM "A"
    And the request body property "$.esim" is set to <esim>
    When the request "getEsimStatus" is sent for eSIM "A"
    Then the status request is refused as one that names an unknown eSIM

    Examples:
      | identifier | esim                                        |
      | EID        | { "eid": "89999999999999999999999999999975" } |
      | ICCID      | { "iccid": "8999999999999999997" }            |

  @req:esim-management/identifiers/pair-must-match
  Scenario Outline: <request> with the EID of another eUICC is refused
    Given an eUICC "other"
    And the eUICC has a disabled eSIM "B"
    And an eUICC
    And the eUICC has an enabled eSIM "A"
    And the request body property "$.esim.eid" is set to the EID of the eUICC "other"
    When the request "<request>" is sent for eSIM "A"
    Then the response status code is 422
    And the response property "$.status" is 422
    And the response property "$.code" is "SERVICE_NOT_APPLICABLE"
    And the response property "$.message" contains a user friendly text
    And the eUICC is left as it was

    Examples:
      | request         |
      | enableEsim      |
      | disableEsim     |
      | deleteEsim      |
      | setFallbackEsim |
      | getEsimStatus   |

  @req:esim-management/ownership/foreign-device @req:esim-management/ownership/foreign-like-unknown
  Scenario Outline: <request> of an eSIM of somebody else is answered like one of an unknown eSIM
    Given an eUICC of another tenant
    And the eUICC has an enabled eSIM "A"
    And the eUICC has a disabled eSIM "B"
    When the request "<request>" is sent for eSIM "<esim>"
    Then the request is refused as one that names an unknown eSIM
    And the same request for an unknown eSIM gets the same answer
    And the eUICC is left as it was

    Examples:
      | request         | esim |
      | enableEsim      | B    |
      | disableEsim     | A    |
      | deleteEsim      | B    |
      | setFallbackEsim | B    |

  @req:esim-management/ownership/foreign-device @req:esim-management/ownership/foreign-like-unknown
  Scenario: A download to an eUICC of somebody else is answered like one to an unknown eUICC
    Given an eUICC of another tenant
    And the SM-DP+ has an order "N" for it
    When the request "downloadEsim" is sent for eSIM "N"
    Then the request is refused as one that names an unknown eSIM
    And the same request for an unknown eUICC gets the same answer
    And the eUICC is left as it was

  @req:esim-management/ownership/foreign-device @req:esim-management/ownership/foreign-like-unknown
  Scenario: The status of an eUICC of somebody else is answered like that of an unknown eUICC
    Given an eUICC of another tenant
    And the eUICC has an enabled eSIM "A"
    When the request "getEsimStatus" is sent for the eUICC
    Then the status request is refused as one that names an unknown eSIM
    And the same request for an unknown eUICC gets the same answer

  @req:esim-management/ownership/foreign-device @req:esim-management/ownership/foreign-like-unknown
  Scenario: The status of an eSIM of somebody else is answered like that of an unknown eSIM
    Given an eUICC of another tenant
    And the eUICC has an enabled eSIM "A"
    When the request "getEsimStatus" is sent for eSIM "A"
    Then the status request is refused as one that names an unknown eSIM
    And the same request for an unknown eSIM gets the same answer

  @req:esim-management/ownership/foreign-operation
  Scenario: An operation of somebody else is answered like an unknown one
    Given an eUICC of another tenant
    And the eUICC has a disabled eSIM "A"
    And the header "Authorization" is set to a valid access token of that tenant
    When the request "enableEsim" is sent for eSIM "A"
    Then the operation completes with outcome "success"
    When the header "Authorization" is set to a valid access token
    And the request "retrieveOperation" is sent for the operation
    Then the response status code is 404
    And the response property "$.code" is "NOT_FOUND"
    And the same request for an unknown operation gets the same answer
