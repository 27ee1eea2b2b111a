/** EuiccPackageResult: SGP.32 v1.2, 2.11.2.1. */
import type { EuiccPackageResult } from '../../protocol/sgp32/index.ts'
import { associationTokenObject, type Tools } from './delivery.ts'
import { applyPackage } from './inventory.ts'
import type { PackageResult, PsmoOrder } from './model.ts'
import { inventoryOrder } from './orders.ts'
import { outcomeOf } from './outcomes.ts'
import { disbelieve, exchangeOf, ignore, type Reception, receiveStray } from './reception.ts'
import { settle } from './settle.ts'
import type { EuiccState, Exchange, Turn } from './state.ts'
import { firstBroken } from './verification.ts'

type Variant<Kind extends EuiccPackageResult['kind']> = Extract<EuiccPackageResult, { readonly kind: Kind }>['value']

export function receivePackageResult(state: EuiccState, result: EuiccPackageResult, tools: Tools): Turn<Reception> {
  switch (result.kind) {
    case 'euiccPackageResultSigned':
      return receiveSignedResult(state, result.value, tools)
    case 'euiccPackageErrorSigned':
      return receiveSignedError(state, result.value, tools)
    case 'euiccPackageErrorUnsigned':
      return disbelieve(state, { exchange: exchangeOf(state, result.value), why: 'unsigned', tools })
  }
}

/** What a signature covers besides the data, and for whom it was made. */
const claimOf = (state: EuiccState, data: { octets: Uint8Array; value: { eimId: string } }, tools: Tools) => ({
  state,
  signed: [data.octets, associationTokenObject(state.associationToken)],
  addressee: { named: data.value.eimId, own: tools.eimId },
})

function receiveSignedResult(
  state: EuiccState,
  { euiccPackageResultDataSigned: data, euiccSignEPR: signature }: Variant<'euiccPackageResultSigned'>,
  tools: Tools,
): Turn<Reception> {
  const { seqNumber: sequenceNumber, euiccResult: results } = data.value
  const exchange = exchangeOf(state, data.value)
  const broken = firstBroken({ ...claimOf(state, data, tools), signature, sequenceNumber, exchange })
  if (broken === 'sequence-number' && !exchange) return ignore(broken, [sequenceNumber])
  if (broken === 'package-under-way') return receiveStray(state, sequenceNumber)
  if (broken || !exchange) return disbelieve(state, { exchange, why: broken ?? 'package-under-way', tools })
  const result: PackageResult = {
    kind: 'euiccPackageResult',
    verified: true,
    sequenceNumber,
    results: results.map(outcomeOf),
  }
  const order = psmosOf(exchange)
  const inventory = order
    ? applyPackage(state.inventory, { order, results, sequenceNumber, now: tools.now })
    : state.inventory
  const known = { ...state, sequenceNumber, inventory }
  return settle(state, { state: known, exchange, result, acknowledged: [sequenceNumber] }, tools)
}

const psmosOf = ({ purpose, package: { order } }: Exchange): readonly PsmoOrder[] | undefined => {
  const executed = purpose === 'inventory' ? inventoryOrder : order
  return 'psmo' in executed ? executed.psmo : undefined
}

function receiveSignedError(
  state: EuiccState,
  { euiccPackageErrorDataSigned: data, euiccSignEPE: signature }: Variant<'euiccPackageErrorSigned'>,
  tools: Tools,
): Turn<Reception> {
  const exchange = exchangeOf(state, data.value)
  const broken = firstBroken({ ...claimOf(state, data, tools), signature, exchange })
  if (broken || !exchange) return disbelieve(state, { exchange, why: broken ?? 'package-under-way', tools })
  const { euiccPackageErrorCode: error } = data.value
  const inventory = mayHaveBeenExecuted(exchange, error) ? { ...state.inventory, stale: true } : state.inventory
  const result: PackageResult = { kind: 'euiccPackageError', verified: true, error }
  return settle(state, { state: { ...state, inventory }, exchange, result, acknowledged: [] }, tools)
}

/** A repetition that is refused as a replay: an earlier delivery was executed and its result has been lost. */
const mayHaveBeenExecuted = ({ deliveries }: Exchange, error: string): boolean =>
  error === 'replayError' && deliveries > 1
