/** VERIFY, CHANGE, DISABLE, ENABLE and UNBLOCK PIN: ETSI TS 102 221, 11.1.9 to 11.1.13. */
import { equalOctets } from '../../../protocol/ber/index.ts'
import { type StatusWord, triesLeft } from '../../../protocol/codes/index.ts'
import type { EuiccState } from '../state.ts'
import type { CommandApdu } from './apdu.ts'
import type { Channel } from './channels.ts'
import { pinOn, pukOn, withPin, withPuk, withVerified } from './codes.ts'
import { type Instruction, type Reply, reply } from './instruction.ts'
import type { Code, Pin } from './secrets.ts'

const CODE = 8

interface PinCommand {
  readonly name: string
  /** Octets of its data. */
  readonly length: number
  /** Without data it asks for the tries that are left. */
  readonly asks?: true
  /** The code that the data begins with: the PIN itself, or the one that unblocks it. */
  readonly proves?: 'puk'
  /** What must be so before the code is tried. The first that is not decides. */
  readonly checks: readonly { readonly otherwise: StatusWord; holds(pin: Pin): boolean }[]
  /** What becomes of the PIN; the rest of the data is a new value. */
  change(pin: Pin, value: Uint8Array): Partial<Pin>
}

const enabled = { otherwise: 'referencedDataInvalidated', holds: (pin: Pin) => pin.isEnabled } as const
const disabled = { otherwise: 'referencedDataInvalidated', holds: (pin: Pin) => !pin.isEnabled } as const
const mayBeDisabled = { otherwise: 'conditionsNotSatisfied', holds: (pin: Pin) => pin.mayBeDisabled } as const
const mayBeChanged = { otherwise: 'conditionsNotSatisfied', holds: (pin: Pin) => pin.mayBeChanged } as const

/** By instruction. Unverified: the status word for what the attributes of a PIN do not allow. */
const commands: ReadonlyMap<number, PinCommand> = new Map<number, PinCommand>([
  [0x20, { name: 'VERIFY PIN', length: CODE, asks: true, checks: [enabled], change: () => ({}) }],
  [0x24, { name: 'CHANGE PIN', length: 2 * CODE, checks: [enabled, mayBeChanged], change: (_, value) => ({ value }) }],
  [0x26, { name: 'DISABLE PIN', length: CODE, checks: [enabled, mayBeDisabled], change: () => ({ isEnabled: false }) }],
  [0x28, { name: 'ENABLE PIN', length: CODE, checks: [disabled], change: () => ({ isEnabled: true }) }],
  [
    0x2c,
    {
      name: 'UNBLOCK PIN',
      length: 2 * CODE,
      asks: true,
      proves: 'puk',
      checks: [],
      change: ({ tries }, value) => ({ value, left: tries, isEnabled: true }),
    },
  ],
])

export const pinInstructions: readonly (readonly [number, Instruction])[] = [...commands].map(([ins, command]) => [
  ins,
  {
    name: command.name,
    classes: 'interindustry',
    run: ({ state, channel }, apdu) => perform(command, { state, channel, apdu }),
  },
])

interface Call {
  readonly state: EuiccState
  readonly channel: Channel
  readonly apdu: CommandApdu
}

function perform(command: PinCommand, { state, channel, apdu: { p1, p2, data } }: Call): Reply {
  if (p1 !== 0) return reply(state, 'incorrectParameters')
  const pin = pinOn(state, channel, p2)
  const code = command.proves === 'puk' ? pin?.puk !== undefined && pukOn(state, channel, pin.puk) : pin
  if (!pin || !code) return reply(state, 'referencedDataNotFound')
  if (data.length === 0 && command.asks) return reply(state, answerTo(command, pin, code))
  if (data.length !== command.length) return reply(state, 'wrongLength')
  const failing = command.checks.find(({ holds }) => !holds(pin))
  if (failing) return reply(state, failing.otherwise)
  if (code.left === 0) return reply(state, 'authenticationBlocked')
  const withLeft = (left: number) =>
    command.proves === 'puk' ? withPuk(state, { ...code, left }) : withPin(state, { ...pin, left })
  if (!equalOctets(code.value, data.subarray(0, CODE))) {
    const tried = withLeft(code.left - 1)
    return reply(command.proves === 'puk' ? tried : withVerified(tried, pin, false), triesLeft(code.left - 1))
  }
  const changed = { ...pin, left: pin.tries, ...command.change(pin, data.slice(CODE)) }
  return reply(withVerified(withPin(withLeft(code.tries), changed), pin, changed.isEnabled), 'ok')
}

/** To a command without data. A disabled PIN has nothing to verify. */
function answerTo({ proves }: PinCommand, pin: Pin, code: Code): StatusWord | number {
  if (proves === undefined && !pin.isEnabled) return 'ok'
  return code.left === 0 ? 'authenticationBlocked' : triesLeft(code.left)
}
