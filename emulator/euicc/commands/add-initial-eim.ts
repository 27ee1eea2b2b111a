import {
  AddInitialEimRequest,
  type AddInitialEimResponse,
  type EimConfigurationData,
  type Sgp32Codec,
  sgp32Codecs,
} from '../../../protocol/sgp32/index.ts'
import { firstFailing } from '../check.ts'
import { addEim, addEimChecks } from '../eims.ts'
import type { EventDraft } from '../events.ts'
import type { EuiccProduct } from '../product.ts'
import { type EuiccState, holding, type Memory } from '../state.ts'
import { command, type Effect } from './command.ts'

/** ES10b.AddInitialEim: SGP.32 v1.2, 3.5.2, 5.9.4. All entries or none. */
const inVersion = (codec: Sgp32Codec) =>
  command({
    name: 'AddInitialEim',
    request: AddInitialEimRequest,
    response: codec.AddInitialEimResponse,
    facts: (state, { eimConfigurationDataList }): Facts => ({ state, added: addAll(state, eimConfigurationDataList) }),
    checks: [
      {
        id: 'no-eim-yet',
        holds: ({ state }) => state.memory.eims.length === 0,
        otherwise: refuse('associatedEimAlreadyExists'),
      },
      ...addEimChecks.map(({ id, otherwise }) => ({
        id,
        holds: ({ added }: Facts) => added.refusal !== id,
        otherwise: refuse(otherwise),
      })),
    ],
    run: (state, { added: { memory, tokens } }): Effect<AddInitialEimResponse> => ({
      state: holding(state, memory),
      answer: {
        kind: 'addInitialEimOk',
        value: tokens.map((token) =>
          token === undefined ? { kind: 'addOk', value: true } : { kind: 'associationToken', value: token },
        ),
      },
      events: memory.eims.map(
        ({ configuration: { eimId } }): EventDraft => ({ type: 'eim-added', cause: 'AddInitialEim', eimId }),
      ),
    }),
  })

export const addInitialEim = inVersion(sgp32Codecs['1.2'])
export const addInitialEimV1_0_1 = inVersion(sgp32Codecs['1.0.1'])

type AddInitialEimError = Extract<AddInitialEimResponse, { kind: 'addInitialEimError' }>['value']

function refuse(value: AddInitialEimError) {
  return (): AddInitialEimResponse => ({ kind: 'addInitialEimError', value })
}

interface Facts {
  readonly state: EuiccState
  readonly added: Added
}

interface Added {
  readonly memory: Memory
  readonly tokens: readonly (number | undefined)[]
  /** Id of the check that an entry failed; those behind it were not looked at. */
  readonly refusal?: string
}

function addAll({ memory, product }: EuiccState, list: readonly EimConfigurationData[]): Added {
  let added: Added = { memory, tokens: [] }
  for (const configuration of list) {
    added = addOne(added, configuration, product)
    if (added.refusal !== undefined) return added
  }
  return added
}

function addOne({ memory, tokens }: Added, configuration: EimConfigurationData, product: EuiccProduct): Added {
  const facts = { memory, product, configuration }
  const failing = firstFailing(addEimChecks, facts)
  if (failing) return { memory, tokens, refusal: failing.id }
  const { memory: next, token } = addEim(facts)
  return { memory: next, tokens: [...tokens, token] }
}
