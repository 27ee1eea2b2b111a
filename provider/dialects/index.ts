/** Every dialect that this provider speaks. */
export type { Dialect } from './dialect.ts'
export { choicesSchema, esimManagement01 } from './esim-management-0.1/index.ts'
