/** A profile download whose result its eIM does not know yet. */
export interface TriggeredDownload {
  readonly eimId: string
  readonly eimTransactionId?: string
  /** Of the RSP session: by it the ProfileInstallationResult is found among the notifications of the eUICC. */
  readonly transactionId: string
}

/**
 * What the IPA keeps over a loss of power. The eUICC keeps every result until it is delivered, but does not know which eIM waits for which
 * ProfileInstallationResult.
 */
export interface IpaMemory {
  load(): Promise<readonly TriggeredDownload[]>
  save(downloads: readonly TriggeredDownload[]): Promise<void>
}

export function createVolatileMemory(): IpaMemory {
  let kept: readonly TriggeredDownload[] = []
  return {
    load: async () => kept,
    async save(downloads) {
      kept = downloads
    },
  }
}

export const remember = async (memory: IpaMemory, download: TriggeredDownload): Promise<void> =>
  memory.save([...(await memory.load()), download])

export const forget = async (
  memory: IpaMemory,
  { transactionId }: Pick<TriggeredDownload, 'transactionId'>,
): Promise<void> => memory.save((await memory.load()).filter((download) => download.transactionId !== transactionId))
