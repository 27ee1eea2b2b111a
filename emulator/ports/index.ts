/** What roles of the emulator are handed instead of reaching for it, and the thin shells around them. */
export { createHttpClient, type HttpClientOptions } from './client-http.ts'
export { createProcessTime, type ProcessTime } from './clock-virtual.ts'
export type { Database, Queries } from './database.ts'
export { type DoorBehaviour, type Layer, type Limits, type Listener, type ListenOptions, listen } from './http.ts'
export { migrate } from './migrate-database.ts'
export type {
  CardChannel,
  Clock,
  HttpAnswer,
  HttpClient,
  HttpHandler,
  HttpMessage,
  Random,
  Rhythm,
  Time,
  TlsTrust,
  Trace,
  TraceEntry,
  TraceInterface,
} from './ports.ts'
export { createRowWriter, readRows, rowsTable } from './rows-database.ts'
export { fromText, toText } from './text.ts'
export type { VirtualTime } from './virtual-time.ts'
