/** Every dialect that this provider speaks, and the configuration that says which of them and how. */
import { configurationReader, defaulted, type InputOf, optional, type Schema, strict, type ValueOf } from '../schema.ts'
import type { Dialect } from './dialect.ts'
import { esimManagement01, choicesSchema as managementChoices } from './esim-management-0.1/index.ts'
import {
  esimProfileManagementRc1,
  esimProfileManagementRc2,
  choicesSchema as profileManagementChoices,
} from './esim-profile-management/index.ts'
import {
  esimProfileManagementSubscriptions,
  choicesSchema as subscriptionsChoices,
} from './esim-profile-management-subscriptions/index.ts'
import { esimRemoteManagement, choicesSchema as remoteManagementChoices } from './esim-remote-management/index.ts'

export type { Dialect } from './dialect.ts'

const row = <C, I>(choices: Schema<C, I>, create: (choices: C) => Dialect) => ({
  choices,
  /** Of what was chosen for this row, if anything. */
  served: (chosen: Readonly<Record<string, unknown>> | undefined) =>
    // `chosenSchema` has held it against `choices`.
    chosen === undefined ? [] : [create(chosen as C)],
})

/** A row for each: what it leaves open, and the dialect with its readings chosen. */
const rows = {
  'esim-management@0.1': row(managementChoices, esimManagement01),
  'esim-profile-management@0.1.0-rc.1': row(profileManagementChoices, esimProfileManagementRc1),
  'esim-profile-management@0.1.0-rc.2': row(profileManagementChoices, esimProfileManagementRc2),
  'esim-profile-management-subscriptions@wip': row(subscriptionsChoices, esimProfileManagementSubscriptions),
  'esim-remote-management@wip': row(remoteManagementChoices, esimRemoteManagement),
}
type Rows = typeof rows
export type DialectId = keyof Rows
export const dialectIds = Object.keys(rows) as DialectId[]

type Chosen = { readonly [Id in DialectId]?: ValueOf<Rows[Id]['choices']> }
type ChosenInput = { readonly [Id in DialectId]?: InputOf<Rows[Id]['choices']> }
const chosenSchema: Schema<Chosen, ChosenInput> = strict(
  Object.fromEntries(dialectIds.map((id) => [id, optional(rows[id].choices)])),
  { minProperties: 1 },
)

const withDefaultReadings = (ids: readonly DialectId[]): ChosenInput => Object.fromEntries(ids.map((id) => [id, {}]))
const chosenReader = configurationReader('Dialects', chosenSchema)

/** Those that are named are served; by default all are. */
export const dialectsSchema = defaulted(chosenSchema, withDefaultReadings(dialectIds))

export const dialectsOf = (chosen: Chosen): readonly Dialect[] =>
  dialectIds.flatMap((id) => rows[id].served(chosen[id]))

/** As their documents read them. */
export const usualDialects = (ids: readonly DialectId[] = dialectIds): readonly Dialect[] =>
  dialectsOf(chosenReader(withDefaultReadings(ids)))

/** What a client needs to use everything of these dialects. */
export const scopesOf = (ids: readonly DialectId[]): readonly string[] => [
  ...new Set(usualDialects(ids).flatMap(({ routes }) => routes.map(({ scope }) => scope))),
]

/** Below which path of the API root each of these dialects is. */
export const basePathsOf = (
  ids: readonly DialectId[],
): readonly { readonly id: DialectId; readonly basePath: string }[] =>
  ids.flatMap((id) => usualDialects([id]).map(({ basePath }) => ({ id, basePath })))
