import { change, type IpaMemory, type StateChangeCause } from './memory.ts'

/** What the IPA itself has changed on the eUICC, for each eIM to be told once: stateChangeCause of SGP.32 v1.2, 5.14.5. */
export const stateChanged = (memory: IpaMemory, cause: StateChangeCause): Promise<void> =>
  change(memory, (record) => ({ ...record, stateChange: { cause, told: [] } }))

/** What this eIM does not know yet. */
export async function untoldChange(memory: IpaMemory, eimId: string): Promise<StateChangeCause | undefined> {
  const { stateChange } = await memory.load()
  return stateChange?.told.includes(eimId) ? undefined : stateChange?.cause
}

export const changeTold = (memory: IpaMemory, eimId: string): Promise<void> =>
  change(memory, (record) => {
    const { stateChange } = record
    if (!stateChange || stateChange.told.includes(eimId)) return record
    return { ...record, stateChange: { ...stateChange, told: [...stateChange.told, eimId] } }
  })
