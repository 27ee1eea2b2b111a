/** Readers: how programs that are not ours reach a card, and how our IPA reaches a card that is not ours. */
export { type AtServer, listenForAt, serveLineJson } from './lines-socket.ts'
export { insertIntoVpcd, listenAsVpcd, type VpcdCardOptions, type VpcdReader } from './vpcd-socket.ts'
