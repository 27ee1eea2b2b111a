/** The functions of the ISD-R, by the tag of their request, and the segments of a bound profile package, which have none. */
import { decode, type Schema } from '../../protocol/ber/index.ts'
import type { EuiccFunction, FunctionResult } from './commands/command.ts'
import { functionsOf } from './commands/index.ts'
import type { Entropy } from './entropy.ts'
import { reportInterruption } from './install/installation-result.ts'
import { isSegment, loadSegment } from './install/load-bound-profile-package.ts'
import type { EuiccState } from './state.ts'
import { asThisCard } from './variant-layer.ts'

/** Throws DecodeError for a request that cannot be read. */
export function executeFunction(state: EuiccState, request: Uint8Array, entropy: Entropy): FunctionResult {
  const { interrupted } = state.memory
  if (!interrupted) return asThisCard(state, request, () => perform(state, request, entropy))
  const { state: reported, events } = reportInterruption(state, interrupted, entropy)
  const result = asThisCard(reported, request, () => perform(reported, request, entropy))
  return { ...result, events: [...events, ...(result.events ?? [])] }
}

function perform(state: EuiccState, request: Uint8Array, entropy: Entropy): FunctionResult {
  if (isSegment(state, request)) return loadSegment(state, request, entropy)
  const found = functionsOf(state.product).get(decode(OuterTag, request))
  return found && isPresent(state, found)
    ? found.execute(state, request, entropy)
    : { state, answer: { statusWord: state.product.policy.unknownFunction } }
}

/** Functions of ES10c that a card for IoT may do without. */
const localManagement = new Set(['EnableProfile', 'DisableProfile', 'DeleteProfile'])

const isPresent = ({ product }: EuiccState, { name }: EuiccFunction): boolean =>
  product.personality === 'consumer' ||
  product.policy.localProfileManagement === 'present' ||
  !localManagement.has(name)

/** The tag of any TLV. */
const OuterTag: Schema<number> = {
  name: 'ES10',
  tags: [],
  layout: { kind: 'primitive' },
  read(reader) {
    reader.position += reader.length
    return reader.tag
  },
  write() {},
}
