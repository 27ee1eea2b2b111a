/** eIM configuration operations: SGP.32 v1.2, 2.11.1.1.2 and 3.5.1. */
import type { Eco, EimConfigurationData } from '../../../protocol/sgp32/index.ts'
import { proven } from '../check.ts'
import { addEimChecks, addEim as associate, isCiKnown, isCounter, readKey } from '../eims.ts'
import { type AssociatedEim, changedMemory } from '../state.ts'
import { changedRun, type Operation, type Outcome, operation, type PackageRun } from './run.ts'

type Operand<K extends Eco['kind']> = Extract<Eco, { kind: K }>['value']

const factsOf = (run: PackageRun, configuration: EimConfigurationData) => ({
  run,
  configuration,
  memory: run.memory,
  product: run.product,
  eim: eimWith(run, configuration.eimId),
})

const eimWith = ({ memory }: PackageRun, eimId: string): AssociatedEim | undefined =>
  memory.eims.find(({ configuration }) => configuration.eimId === eimId)

/** 3.5.1.1. */
const addEim = operation({
  result: 'addEimResult',
  facts: factsOf,
  checks: addEimChecks.map(({ otherwise, ...check }) => ({
    ...check,
    otherwise: { kind: 'addEimResultCode', value: otherwise } as const,
  })),
  execute(run, facts) {
    const { memory, token } = associate(facts)
    const events = [...run.events, { type: 'eim-added', eimId: facts.configuration.eimId } as const]
    return {
      run: changedRun(run, { memory, events }),
      value:
        token === undefined ? { kind: 'addEimResultCode', value: 'ok' } : { kind: 'associationToken', value: token },
    }
  },
})

/** 3.5.1.2. An eIM may delete itself. That the last one is gone is a success with a name of its own. */
const deleteEim = operation({
  result: 'deleteEimResult',
  facts: (run: PackageRun, { eimId }: Operand<'deleteEim'>) => ({ eimId, eim: eimWith(run, eimId) }),
  checks: [{ id: 'eim-known', holds: ({ eim }) => eim !== undefined, otherwise: 'eimNotFound' }],
  execute(run, { eimId, eim }) {
    const eims = run.memory.eims.filter((other) => other !== eim)
    const events = [...run.events, { type: 'eim-deleted', eimId } as const]
    return {
      run: changedRun(run, { memory: changedMemory(run.memory, { eims }), events }),
      value: eims.length === 0 ? 'lastEimDeleted' : 'ok',
    }
  },
})

/** 3.5.1.3. What is absent stays; the association token always does. Unverified: the code of counter-not-lowered. */
const updateEim = operation({
  result: 'updateEimResult',
  facts: factsOf,
  checks: [
    { id: 'eim-known', holds: ({ eim }) => eim !== undefined, otherwise: 'eimNotFound' },
    {
      id: 'token-absent',
      holds: ({ configuration }) => configuration.associationToken === undefined,
      otherwise: 'commandError',
    },
    {
      id: 'something-to-update',
      holds: ({ configuration }) => Object.keys(configuration).length > 1,
      otherwise: 'commandError',
    },
    {
      id: 'key-readable',
      holds: ({ configuration: { eimPublicKeyData: key } }) => key === undefined || readKey(key) !== undefined,
      otherwise: 'commandError',
    },
    { id: 'ci-for-signing', holds: isCiKnown, otherwise: 'ciPKUnknown' },
    {
      id: 'counter-not-lowered',
      holds: ({ configuration: { counterValue, eimPublicKeyData }, eim }) =>
        counterValue === undefined || eimPublicKeyData !== undefined || counterValue >= (eim?.counterValue ?? 0),
      otherwise: 'counterValueOutOfRange',
    },
    {
      id: 'counter-in-range',
      holds: ({ configuration }) => isCounter(configuration.counterValue ?? 0),
      otherwise: 'counterValueOutOfRange',
    },
  ],
  execute(run, { configuration: { counterValue, ...configuration }, eim }) {
    const before = proven(eim, 'eim-known')
    const after: AssociatedEim = {
      configuration: { ...before.configuration, ...configuration },
      counterValue: counterValue ?? before.counterValue,
    }
    const eims = run.memory.eims.map((other) => (other === before ? after : other))
    const events = [...run.events, { type: 'eim-updated', eimId: configuration.eimId } as const]
    return { run: changedRun(run, { memory: changedMemory(run.memory, { eims }), events }), value: 'ok' }
  },
})

/** 3.5.1.4. Proprietary identifiers have no type in the list. */
const listEim = operation({
  result: 'listEimResult',
  facts: (run: PackageRun, _operand: Operand<'listEim'>) => run,
  checks: [],
  execute: (run) => ({
    run,
    value: {
      kind: 'eimIdList',
      value: run.memory.eims.map(({ configuration: { eimId, eimIdType } }) =>
        eimIdType === undefined || eimIdType === 'eimIdTypeProprietary' ? { eimId } : { eimId, eimIdType },
      ),
    },
  }),
})

export const ecoOperations: { readonly [K in Eco['kind']]: Operation<Operand<K>> } = {
  addEim,
  deleteEim,
  updateEim,
  listEim,
}

export const executeEco = (run: PackageRun, { kind, value }: Eco): Outcome =>
  ecoOperations[kind](run, value as never, kind)
