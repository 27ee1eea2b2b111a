Feature: Life of an eSIM
  An eSIM is born disabled, moves between disabled and enabled, and may be deleted from both states. At most one is enabled.

  Background: Common setup
    Given an environment at "apiRoot"
    And the header "Authorization" is set to a valid access token
    And the header "Content-Type" is set to "application/json"
    And the header "x-correlator" is set to a UUID value

  @req:profiles/life @req:profiles/two-states @req:retrieve-status/is-the-truth
  Scenario: Download, enable, disable, enable, disable, delete
    Given an eUICC
    And the SM-DP+ has an order "N" for it
    When the request "downloadEsim" is sent for eSIM "N"
    Then the operation completes with outcome "success"
    And eSIM "N" is disabled, on the eUICC and in the API
    When the request "enableEsim" is sent for eSIM "N"
    Then the operation completes with outcome "success"
    And eSIM "N" is enabled, on the eUICC and in the API
    When the request "disableEsim" is sent for eSIM "N"
    Then the operation completes with outcome "success"
    And eSIM "N" is disabled, on the eUICC and in the API
    When the request "enableEsim" is sent for eSIM "N"
    Then the operation completes with outcome "success"
    And eSIM "N" is enabled, on the eUICC and in the API
    When the request "disableEsim" is sent for eSIM "N"
    Then the operation completes with outcome "success"
    And eSIM "N" is disabled, on the eUICC and in the API
    When the request "deleteEsim" is sent for eSIM "N"
    Then the operation completes with outcome "success"
    And eSIM "N" is neither on the eUICC nor in the API
    And each outcome is reported once
    And the eUICC did "profile-installed, profile-enabled, profile-disabled, profile-enabled, profile-disabled, profile-deleted"

  @req:profiles/at-most-one-enabled @req:enable/only-one-enabled @reading:whenBusy=queue
  Scenario: Enabling one after another never leaves two enabled
    Given an eUICC
    And the eUICC has an enabled eSIM "A"
    And the eUICC has a disabled eSIM "B"
    And the eUICC has a disabled eSIM "C"
    When the request "getEsimStatus" is sent for the eUICC
    And the request "enableEsim" is sent for eSIM "B"
    And the request "enableEsim" is sent for eSIM "C"
    And the request "enableEsim" is sent for eSIM "A"
    And the status of the eUICC is asked for again and again until the operation is completed
    Then no answer showed more than one enabled eSIM
    And eSIM "A" is enabled, on the eUICC and in the API
    And eSIM "B" is disabled, on the eUICC and in the API
    And eSIM "C" is disabled, on the eUICC and in the API

  @req:profiles/at-most-one-enabled
  Scenario: Two enables at the same time leave one enabled
    Given an eUICC
    And the eUICC has a disabled eSIM "A"
    And the eUICC has a disabled eSIM "B"
    When the request "enableEsim" is sent for eSIM "A" and eSIM "B" at the same time
    And the status of the eUICC is asked for again and again until every operation is completed
    Then no answer showed more than one enabled eSIM
    And the eUICC has one enabled eSIM
    And each outcome is reported once
