/** One stream of events for every hop: the recorder that keeps the latest messages and the exporter that writes them out. */
export { ndjsonPages, toNdjson } from './export.ts'
export { type ApduExchange, pcapngHeader, pcapngPacket } from './pcapng.ts'
export { createTrace, type TraceLog, type TraceMessage } from './trace.ts'
