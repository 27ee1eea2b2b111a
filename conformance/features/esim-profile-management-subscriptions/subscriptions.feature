Feature: Subscriptions as resources
  A subscription says of which operations it tells, where to, and until when. It can be read, listed and deleted.

  Background: Common setup
    Given an environment at "apiRoot"
    And the header "Authorization" is set to a valid access token
    And the header "Content-Type" is set to "application/json"
    And the header "x-correlator" is set to a UUID value

  @req:creation/active @req:creation/requested @req:creation/location @req:creation/as-requested @req:reading/one @req:authorization/scope-sufficient
  Scenario: A subscription to the operations of an eUICC
    Given an eUICC
    When the request "createSubscription" is sent for the eUICC
    Then the subscription becomes active
    And the subscription is as it was asked for
    When the request "getSubscription" is sent for the subscription
    Then the request is granted
    And the response is the subscription as it was answered

  @req:creation/as-requested @req:errors/shape
  Scenario: Everything that is asked for is shown
    Given an eUICC
    And the request body property "$.config.subscriptionMaxEvents" is set to 10
    And the request body property "$.config.subscriptionExpireTime" is set to "2099-12-31T23:59:59Z"
    And the request body property "$.config.initialEvent" is set to false
    When the request "createSubscription" is sent for the eUICC
    Then the subscription becomes active
    And the subscription is as it was asked for
    And the response property "$.config.subscriptionMaxEvents" is 10
    And the response property "$.expiresAt" exists
    And the response property "$.startsAt" exists

  @req:creation/filter-needed
  Scenario: A subscription without a filter is refused
    Given an eUICC
    And the request body property "$.config.subscriptionDetail" is set to {}
    When the request "createSubscription" is sent for the eUICC
    Then the response is 400 "INVALID_ARGUMENT"

  @req:creation/identifier-needed
  Scenario: A filter that names no profile is refused
    Given an eUICC
    And the request body property "$.config.subscriptionDetail" is set to {"esimProfile":{}}
    When the request "createSubscription" is sent for the eUICC
    Then the response is 422 "MISSING_IDENTIFIER"

  @req:creation/unknown-eid
  Scenario: A filter by an unknown EID is refused
    Given an eUICC
    And the request names an unknown eUICC
    When the request "createSubscription" is sent for the eUICC
    Then the response is 422 "SERVICE_NOT_APPLICABLE"

  @req:creation/foreign-eid
  Scenario: A filter by an EID of somebody else is refused like an unknown one
    Given an eUICC of another tenant
    When the request "createSubscription" is sent for the eUICC
    Then the response is 422 "SERVICE_NOT_APPLICABLE"

  @req:creation/unknown-operation
  Scenario: A filter by an unknown operation is refused
    Given an eUICC
    And the request body property "$.config.subscriptionDetail" is set to {"operation":{"operationId":"0e3a3f0e-6d4f-4c53-9d58-6f2f6a6f5a05"}}
    When the request "createSubscription" is sent for the eUICC
    Then the response is 422 "SERVICE_NOT_APPLICABLE"

  @req:creation/any-iccid
  Scenario: A profile may come later
    Given an eUICC
    And the SM-DP+ has an order "N" for it
    When the request "createSubscription" is sent for eSIM "N"
    Then the subscription becomes active

  @req:creation/no-duplicate
  Scenario: The same subscription again is a conflict
    Given an eUICC
    When the request "createSubscription" is sent for the eUICC
    Then the subscription becomes active
    When the request "createSubscription" is sent for the eUICC
    Then the response is 409 "CONFLICT"

  @req:reading/unknown @req:deletion/unknown
  Scenario Outline: <request> of what nobody knows
    Given an eUICC
    When the request "<request>" is sent for operationId "0e3a3f0e-6d4f-4c53-9d58-6f2f6a6f5a06"
    Then the response is 404 "NOT_FOUND"

    Examples:
      | request            |
      | getSubscription    |
      | deleteSubscription |

  @req:reading/foreign @req:deletion/foreign @req:reading/list
  Scenario: A subscription of somebody else is unknown
    Given an eUICC of another tenant
    And the header "Authorization" is set to a valid access token of that tenant
    When the request "createSubscription" is sent for the eUICC
    Then the subscription becomes active
    When the header "Authorization" is set to a valid access token
    And the request "getSubscription" is sent for the subscription
    Then the response is 404 "NOT_FOUND"
    When the request "deleteSubscription" is sent for the subscription
    Then the response is 404 "NOT_FOUND"
    When the subscriptions are listed
    Then the request is granted
    And the list does not hold the subscription

  @req:reading/list @req:reading/list-by-type @req:reading/list-by-expiry
  Scenario: The list of subscriptions
    Given an eUICC
    And the request body property "$.config.subscriptionExpireTime" is set to "2098-12-31T23:59:59Z"
    When the request "createSubscription" is sent for the eUICC
    Then the subscription becomes active
    When the subscriptions are listed
    Then the request is granted
    And the list holds the subscription
    When the subscriptions are listed with "type=org.camaraproject.esim-profile-management.v0.operation-completed"
    Then the list holds the subscription
    When the subscriptions are listed with "expiresAt.lt=2099-01-01T00:00:00Z"
    Then the list holds the subscription
    When the subscriptions are listed with "expiresAt.lt=2098-01-01T00:00:00Z"
    Then the list does not hold the subscription

  @req:deletion/gone @req:deletion/requested @req:deletion/silence @req:life/deleted
  Scenario: A deleted subscription is gone, and says so
    Given an eUICC
    And the eUICC has a disabled eSIM "A"
    When the request "createSubscription" is sent for the eUICC
    Then the subscription becomes active
    When the request "deleteSubscription" is sent for the subscription
    Then the subscription is gone
    And the subscription tells that it has ended with "SUBSCRIPTION_DELETED"
    When the request "enableEsim" is sent for eSIM "A" as operation "later"
    Then the operation completes with outcome "success"
    And nothing more has arrived for it when another device has completed an operation
    And operation "later" was not told
