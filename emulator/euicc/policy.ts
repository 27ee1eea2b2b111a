/**
 * What the standards leave open, or what no source settles: one row each, with what this card does unless told otherwise. All rows are
 * Unverified.
 */
interface PolicyRow {
  readonly about: string
  /** The first is the default. */
  readonly choices: readonly [string, ...string[]]
}

export const policyRows = {
  unknownFunction: {
    about: 'Status word for a request with the tag of no function.',
    choices: ['referencedDataNotFound', 'instructionNotSupported'],
  },
  blockOutOfSequence: {
    about: 'Status word for a STORE DATA block with another number than the next one.',
    choices: ['incorrectParameters', 'incorrectData'],
  },
  rollbackAfterDelivery: {
    about: 'Whether removal of the result of a package withdraws the authorisation to roll it back.',
    choices: ['keep', 'withdraw'],
  },
  immediateEnableAbsentField: {
    about: 'configureImmediateEnable without OID or address: what was stored before.',
    choices: ['keep', 'delete'],
  },
  unknownTagInList: {
    about: 'A tag list of GetProfilesInfo or listProfileInfo with a tag that no profile can have.',
    choices: ['ignored', 'incorrectInputValues'],
  },
  afterFailedOperation: {
    about: 'What stands in the result of a package behind an operation that failed.',
    choices: ['nothing', 'processingTerminated'],
  },
  testProfileNotifications: {
    about: 'Notifications about profiles of class test, other than the result of their installation.',
    choices: ['sent', 'suppressed'],
  },
  refresh: {
    about: 'A switch of profiles with refreshFlag TRUE: it waits for REFRESH or a reset, or it does not.',
    choices: ['waits', 'atOnce'],
  },
  refreshMode: {
    about: 'The mode that the command REFRESH asks for.',
    choices: ['uiccReset', 'profileStateChange'],
  },
  packageSwitch: {
    about: 'A switch of profiles that a package orders, which has no refreshFlag.',
    choices: ['atOnce', 'waits'],
  },
  interruptedInstallation: {
    about:
      'A reset in the middle of a bound profile package: it leaves nothing, or a ProfileInstallationResult that is made with the next command to the ISD-R.',
    choices: ['forgotten', 'reported'],
  },
  testProfileKey: {
    about: 'Keys that a profile of class test may have: any, or that of 3GPP TS 34.108 with its first two octets free.',
    choices: ['any', 'testKey'],
  },
  toolkit: {
    about: 'Whether a proactive session is going on that the card cannot end: then a switch is answered with catBusy.',
    choices: ['idle', 'busy'],
  },
  endOfEmergencyNotifications: {
    about: 'Notifications about the switch that DisableEmergencyProfile makes.',
    choices: ['suppressed', 'sent'],
  },
  channelNotOpen: {
    about: 'Status word for a command on a channel that is not open.',
    choices: ['logicalChannelNotSupported', 'secureMessagingNotSupported'],
  },
  noFreeChannel: {
    about: 'Status word for MANAGE CHANNEL when no channel is left.',
    choices: ['functionNotSupported', 'secureMessagingNotSupported'],
  },
  storeDataElsewhere: {
    about: 'Status word for STORE DATA while the ISD-R is not selected.',
    choices: ['conditionsNotSatisfied', 'instructionNotSupported'],
  },
  segmentWithoutSession: {
    about: 'Status word for a segment of a bound profile package that no session waits for.',
    choices: ['conditionsNotSatisfied', 'referencedDataNotFound'],
  },
  fetchWithoutCommand: {
    about: 'Status word for FETCH when no command waits.',
    choices: ['conditionsNotSatisfied', 'noPreciseDiagnosis', 'incorrectParameters'],
  },
  filesWithoutProfile: {
    about: 'Files of a card without an enabled profile: the MF, or EF.DIR without applications and EF.UMPC in it, too.',
    choices: ['mfOnly', 'withDirAndUmpc'],
  },
  challengeInSession: {
    about: 'GetEUICCChallenge while a session is open: it begins anew, or the status word 6985.',
    choices: ['beginsAnew', 'refused'],
  },
  missingConfirmationCode: {
    about:
      'PrepareDownload without hashCc when the SM-DP+ asks for one: undefinedError, or the business of the SM-DP+.',
    choices: ['refused', 'accepted'],
  },
  ppr1Exemption: {
    about: 'Profiles that EnableProfile enables in spite of PPR1 of the enabled one.',
    choices: ['test', 'testAndProvisioning'],
  },
  localProfileManagement: {
    about: 'Whether a card for IoT has EnableProfile, DisableProfile and DeleteProfile of ES10c.',
    choices: ['present', 'absent'],
  },
  switchNotifications: {
    about: 'Order of the notifications about a switch from one profile to another.',
    choices: ['disableFirst', 'enableFirst'],
  },
  notificationKey: {
    about: "CI under which notifications are signed: that of the profile's download, or the preferred one.",
    choices: ['ofDownload', 'preferred'],
  },
  fullNotificationList: {
    about: 'What a full list of notifications does with a new one.',
    choices: ['dropsOldest', 'dropsNew'],
  },
  absentGidInRule: {
    about: 'A rule of the Rules Authorisation Table without gid1 or gid2: any owner, or one without.',
    choices: ['any', 'none'],
  },
  secondEmergencyProfile: {
    about: 'A further profile with ecallIndication: it is installed, or incorrectInputValues.',
    choices: ['accepted', 'refused'],
  },
  packageResultsAtReset: {
    about: 'Results of packages when eUICCMemoryReset deletes the eIM configuration.',
    choices: ['kept', 'deleted'],
  },
  rollbackAfterInstallation: {
    about: 'Whether the installation of a profile withdraws the authorisation to roll back.',
    choices: ['kept', 'withdrawn'],
  },
  sizeOverflow: {
    about: 'A package that is too large: sizeOverflow, signed, or an unsigned error.',
    choices: ['signed', 'unsigned'],
  },
  secondSwitchInPackage: {
    about:
      'A package with more switches than are allowed: refused when that operation is reached, or before anything is done.',
    choices: ['whenReached', 'beforeAll'],
  },
  listErrorInPackage: {
    about: 'Whether a listProfileInfo that is answered with an error ends the package.',
    choices: ['ends', 'goesOn'],
  },
  emptyDpAddressInPackage: {
    about: 'setDefaultDpAddress with an empty address in a package: it clears the address, or undefinedError.',
    choices: ['clears', 'refused'],
  },
  counterAfterUpdate: {
    about: 'Counter of an eIM that has set its own counter by updateEim: that one, or the one of the package.',
    choices: ['updated', 'ofPackage'],
  },
  immediateEnableUnrestricted: {
    about: 'ImmediateEnable when neither an OID nor an address of an SM-DP+ is configured.',
    choices: ['allowed', 'refused'],
  },
  returnToDeletedProfile: {
    about: 'ReturnFromFallback when the profile before is gone.',
    choices: ['fallbackNotAvailable', 'commandError'],
  },
} as const satisfies Record<string, PolicyRow>

export type Policy = { readonly [Name in keyof typeof policyRows]: (typeof policyRows)[Name]['choices'][number] }

export const defaultPolicy = Object.fromEntries(
  Object.entries(policyRows).map(([name, { choices }]) => [name, choices[0]]),
) as Policy
