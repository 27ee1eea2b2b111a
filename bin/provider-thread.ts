/** What runs in a thread of its own: the reference provider with its authorization server and its database, which takes as much computing as all devices. */
import { once } from 'node:events'
import { parentPort, workerData } from 'node:worker_threads'
import { openDatabase, type ProviderConfig } from '../provider/index.ts'
import { openProvider, type ProviderDoors, type Surroundings } from './provider-doors.ts'
import type { ProviderPlan } from './provider-plan.ts'

type Seen = Parameters<NonNullable<Surroundings['observe']>>[0]

/** To the thread of the world. */
export type Told = Pick<ProviderDoors, 'doors'> | { readonly seen: Seen }

if (parentPort === null) throw new Error('this is no thread')
const world = parentPort
const tell = (told: Told): void => world.postMessage(told)
const database = openDatabase(workerData as NonNullable<ProviderConfig['storage']>)
database.catch(() => undefined) // told to whoever asks
const [plan] = (await once(world, 'message')) as [ProviderPlan]
const { doors, close } = await openProvider(plan, { database: await database, observe: (seen) => tell({ seen }) })
const closing = once(world, 'message')
tell({ doors })
await closing
await close()
world.close()
