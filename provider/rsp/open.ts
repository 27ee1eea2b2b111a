/** The RSP platform that the configuration names. */
import type { Settings } from '../config.ts'
import type { Outside } from '../outside.ts'
import type { Database } from '../store/database.ts'
import { createEimPlatform } from './eim-http.ts'
import { createOnomondoPlatform } from './onomondo.ts'
import type { Psmo, RspPlatform } from './platform.ts'
import { createRecordedPlatform, recording } from './recording.ts'
import { appender, readLines } from './store-recording.ts'

interface Around {
  readonly database: Database
  readonly outside: Outside
  readonly closing: AbortSignal
}

export const openPlatform = ({ rsp, deviceOwners }: Settings, around: Around): RspPlatform => {
  const { closing } = around
  if (rsp.kind === 'recorded') return createRecordedPlatform(readLines(rsp.file), closing)
  const euiccs = deviceOwners.flatMap(({ eid }) => (eid === undefined ? [] : [eid]))
  const platform =
    rsp.kind === 'eim' ? createEimPlatform(rsp, closing) : createOnomondoPlatform(rsp, { ...around, euiccs })
  const recorded = rsp.record === undefined ? platform : recording(platform, appender(rsp.record))
  return rsp.rollback ? rollingBack(recorded) : recorded
}

/** Every enable allows the device to roll back: SGP.32 v1.2, 3.3.2. */
const rollingBack = (platform: RspPlatform): RspPlatform => ({
  ...platform,
  submit: (eid, order, key) => platform.submit(eid, 'psmo' in order ? { psmo: order.psmo.map(allowed) } : order, key),
})

const allowed = (psmo: Psmo): Psmo => ('enable' in psmo ? { enable: { ...psmo.enable, rollback: true } } : psmo)
