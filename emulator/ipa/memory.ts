import type { GetEimPackageRequest } from '../../protocol/sgp32/index.ts'

export type StateChangeCause = NonNullable<GetEimPackageRequest['stateChangeCause']>

/** A profile download whose result its eIM does not know yet. */
export interface TriggeredDownload {
  readonly eimId: string
  readonly eimTransactionId?: string
  /** Of the RSP session: by it the ProfileInstallationResult is found among the notifications of the eUICC. */
  readonly transactionId: string
  /** The eIM has carried the session and takes the result for the SM-DP+ as well. */
  readonly indirect?: true
}

/** Components of IpaEuiccData that an eIM was given, base64 of their DER: a compact form may leave them out. */
export interface Disclosed {
  readonly euiccInfo1?: string
  readonly euiccInfo2?: string
  readonly eumCertificate?: string
  readonly euiccCertificate?: string
}

/** What the IPA keeps over a loss of power: plain JSON. */
export interface IpaRecord {
  readonly downloads: readonly TriggeredDownload[]
  /** What the IPA itself has changed on the eUICC last, and the eIMs that know. */
  readonly stateChange?: { readonly cause: StateChangeCause; readonly told: readonly string[] }
  /** By eimId. */
  readonly disclosed: Readonly<Record<string, Disclosed>>
}

/**
 * The eUICC keeps every result until it is delivered, but does not know which eIM waits for which ProfileInstallationResult, nor what an eIM was
 * told.
 */
export interface IpaMemory {
  load(): Promise<IpaRecord>
  save(record: IpaRecord): Promise<void>
}

export const emptyRecord: IpaRecord = { downloads: [], disclosed: {} }

export function createVolatileMemory(): IpaMemory {
  let kept = emptyRecord
  return {
    load: async () => kept,
    async save(record) {
      kept = record
    },
  }
}

export const change = async (memory: IpaMemory, edit: (record: IpaRecord) => IpaRecord): Promise<void> => {
  const before = await memory.load()
  const after = edit(before)
  if (after !== before) await memory.save(after)
}

export const remember = (memory: IpaMemory, download: TriggeredDownload): Promise<void> =>
  change(memory, (record) => ({ ...record, downloads: [...record.downloads, download] }))

export const forget = (memory: IpaMemory, { transactionId }: Pick<TriggeredDownload, 'transactionId'>): Promise<void> =>
  change(memory, (record) => ({
    ...record,
    downloads: record.downloads.filter((download) => download.transactionId !== transactionId),
  }))

export const disclose = (memory: IpaMemory, eimId: string, disclosed: Disclosed): Promise<void> =>
  change(memory, (record) =>
    Object.keys(disclosed).length === 0
      ? record
      : { ...record, disclosed: { ...record.disclosed, [eimId]: { ...record.disclosed[eimId], ...disclosed } } },
  )
