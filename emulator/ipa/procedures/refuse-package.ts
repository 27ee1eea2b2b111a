import type { Agent } from '../agent.ts'
import type { Failure } from '../answer.ts'
import type { Eim } from '../eim.ts'
import type { EimPackage } from '../servers/esipa.ts'

export interface PackageRefusal {
  readonly refused: Pick<EimPackage, 'eimTransactionId'>
  readonly error: 'invalidPackageFormat' | 'unknownPackage' | 'undefinedError'
}

/** eimPackageResultResponseError: SGP.32 v1.2, 5.14.6, for a package that has no result. Undefined when the eIM knows. */
export async function refusePackage(agent: Agent, eim: Eim, refusal: PackageRefusal): Promise<Failure | undefined> {
  const { eimTransactionId } = refusal.refused
  const transaction = eimTransactionId === undefined ? {} : { eimTransactionId }
  const response = await agent.eim.provideEimPackageResult(eim, {
    eidValue: agent.eid,
    eimPackageResult: {
      kind: 'eimPackageResultResponseError',
      value: { ...transaction, eimPackageResultErrorCode: refusal.error },
    },
  })
  return response.kind === 'failure' ? response : undefined
}
