/** The eIM: ESipa server, package queue and inventory of each eUICC, northbound REST. */
export { createEim, type Eim, type EimOptions, type EimSettings, type ListenerAddress } from './eim.ts'
export { type KeptEim, openDatabaseStore } from './store-database.ts'
