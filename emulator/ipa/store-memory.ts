import { readFile, rename, writeFile } from 'node:fs/promises'
import { emptyRecord, type IpaMemory, type IpaRecord } from './memory.ts'

/** The memory of an IPA as a file. It is replaced as a whole, so that a kill leaves the record of before or of after. */
export function createFileMemory(path: string): IpaMemory {
  let kept: IpaRecord | undefined
  return {
    async load() {
      kept ??= { ...emptyRecord, ...(await readRecord(path)) }
      return kept
    },
    async save(record) {
      await writeFile(`${path}.new`, JSON.stringify(record))
      await rename(`${path}.new`, path)
      kept = record
    },
  }
}

async function readRecord(path: string): Promise<Partial<IpaRecord>> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '{}'
    throw error
  })
  return JSON.parse(text) as Partial<IpaRecord>
}
