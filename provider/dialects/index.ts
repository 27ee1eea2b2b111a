/** Every dialect that this provider speaks, and the configuration that says which of them and how. */
import { configurationReader, defaulted, optional, strict, type ValueOf } from '../schema.ts'
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

export const dialectIds = [
  'esim-management@0.1',
  'esim-profile-management@0.1.0-rc.1',
  'esim-profile-management@0.1.0-rc.2',
  'esim-profile-management-subscriptions@wip',
  'esim-remote-management@wip',
] as const
export type DialectId = (typeof dialectIds)[number]

const chosenSchema = strict(
  {
    'esim-management@0.1': optional(managementChoices),
    'esim-profile-management@0.1.0-rc.1': optional(profileManagementChoices),
    'esim-profile-management@0.1.0-rc.2': optional(profileManagementChoices),
    'esim-profile-management-subscriptions@wip': optional(subscriptionsChoices),
    'esim-remote-management@wip': optional(remoteManagementChoices),
  },
  { minProperties: 1 },
)
type Chosen = ValueOf<typeof chosenSchema>

const withDefaultReadings = (ids: readonly DialectId[]) => Object.fromEntries(ids.map((id) => [id, {}]))
const chosenReader = configurationReader('Dialects', chosenSchema)

/** Those that are named are served; by default all are. */
export const dialectsSchema = defaulted(chosenSchema, withDefaultReadings(dialectIds))

export const dialectsOf = (chosen: Chosen): readonly Dialect[] =>
  [
    served(chosen['esim-management@0.1'], esimManagement01),
    served(chosen['esim-profile-management@0.1.0-rc.1'], esimProfileManagementRc1),
    served(chosen['esim-profile-management@0.1.0-rc.2'], esimProfileManagementRc2),
    served(chosen['esim-profile-management-subscriptions@wip'], esimProfileManagementSubscriptions),
    served(chosen['esim-remote-management@wip'], esimRemoteManagement),
  ].flat()

const served = <C>(choices: C | undefined, create: (choices: C) => Dialect): readonly Dialect[] =>
  choices === undefined ? [] : [create(choices)]

/** What a client needs to use everything of these dialects. */
export const scopesOf = (ids: readonly DialectId[]): readonly string[] => [
  ...new Set(
    dialectsOf(chosenReader(withDefaultReadings(ids))).flatMap(({ routes }) => routes.map(({ scope }) => scope)),
  ),
]

/** Below which path of the API root each of these dialects is. */
export const basePathsOf = (
  ids: readonly DialectId[],
): readonly { readonly id: DialectId; readonly basePath: string }[] =>
  ids.flatMap((id) => dialectsOf(chosenReader(withDefaultReadings([id]))).map(({ basePath }) => ({ id, basePath })))
