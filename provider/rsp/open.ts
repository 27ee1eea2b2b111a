/** The RSP platform that the configuration names. */
import type { Settings } from '../config.ts'
import type { Outside } from '../outside.ts'
import type { Database } from '../store/database.ts'
import { createEimPlatform } from './eim-http.ts'
import { createOnomondoPlatform } from './onomondo.ts'
import type { RspPlatform } from './platform.ts'
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
  return rsp.record === undefined ? platform : recording(platform, appender(rsp.record))
}
