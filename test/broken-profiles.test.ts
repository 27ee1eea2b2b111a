import { describe, expect, it } from 'vitest'
import { profilesOf } from '../emulator/euicc/index.ts'
import { type BrokenProfileName, brokenProfiles } from '../emulator/smdp/index.ts'
import { download, meet } from './testing/meeting.ts'

describe('a profile that is broken on purpose', () => {
  const rows = Object.entries(brokenProfiles).map(
    ([name, { provokes }]) => [name as BrokenProfileName, provokes] as const,
  )

  it.each(rows)('%s: the card answers %s, and keeps nothing of it', async (fault, provokes) => {
    const meeting = meet('nist')
    const { iccid, result } = await download(meeting, { profile: { template: 'minimal', fault } })
    expect(result.finalResult).toMatchObject({ kind: 'errorResult', value: { errorReason: provokes } })
    expect(profilesOf(meeting.card.state)).toEqual([])
    const isTemporary = provokes === 'installFailedDueToInsufficientMemoryForProfile'
    expect(meeting.smdp.orders.get(iccid)).toMatchObject(
      isTemporary ? { state: 'released' } : { state: 'error', result: { errorReason: provokes } },
    )
  })
})
