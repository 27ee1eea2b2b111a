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
} as const satisfies Record<string, PolicyRow>

export type Policy = { readonly [Name in keyof typeof policyRows]: (typeof policyRows)[Name]['choices'][number] }

export const defaultPolicy = Object.fromEntries(
  Object.entries(policyRows).map(([name, { choices }]) => [name, choices[0]]),
) as Policy
