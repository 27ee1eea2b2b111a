/** What roles of the emulator are handed instead of reaching for it, and the thin shells around them. */
export {
  createHttpClient,
  type DoorBehaviour,
  type HttpClientOptions,
  type Limits,
  type Listener,
  type ListenOptions,
  listen,
} from './http.ts'
export type {
  CardChannel,
  Clock,
  HttpAnswer,
  HttpClient,
  HttpHandler,
  HttpMessage,
  Random,
  Trace,
  TraceEntry,
  TraceInterface,
} from './ports.ts'
