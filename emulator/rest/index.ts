/** REST doors of the emulator: routes as rows, validation, problems, OpenAPI document, event streams. */
export { type EventSource, eventStream, type StreamEvent } from './event-stream-http.ts'
export { restHandler } from './handler.ts'
export { type Call, type JsonSchema, problem, type Reply, type RestApi, type Route } from './route.ts'
