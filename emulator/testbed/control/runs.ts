/** The resources `run` and `runs` of the control API: the run under way as a file, and runs that the testbed keeps for whoever looks at it. */
import { randomUUID } from 'node:crypto'
import { problem, type Reply, type Route } from '../../rest/index.ts'
import type { TraceLog } from '../../trace/index.ts'
import { type RunBounds, type RunParts, type RunSummary, summaryOfRun, writeRun } from './run.ts'
import * as schemas from './schemas/runs.ts'
import { eid } from './schemas/words.ts'

export interface RunRoutes extends RunParts {
  readonly trace: TraceLog
  readonly now: () => number
}

interface KeptRun extends RunSummary {
  readonly runId: string
  readonly title: string
  /** RFC 3339. */
  readonly keptAt: string
  /** Octets of the file. */
  readonly size: number
}

interface Kept {
  readonly view: KeptRun
  readonly text: string
}

/** They are in memory. */
const MOST = 8
const MEDIA_TYPE = 'application/x-ndjson'
const file = { description: 'One JSON object a line.', mediaType: MEDIA_TYPE, schema: { type: 'string' } }
const noRun = { 404: { description: 'No run with this id is kept.' } }
const kept = {
  201: { description: 'It is kept.', schema: schemas.keptRun },
  409: { description: `As many as can be are kept: ${MOST}.` },
}

const asFile = (text: string, name: string): Reply => ({
  status: 200,
  headers: { 'content-type': MEDIA_TYPE, 'content-disposition': `attachment; filename="${name}.ndjson"` },
  body: text,
})

export function runRoutes(parts: RunRoutes): readonly Route[] {
  const runs = new Map<string, Kept>()
  const keep = (text: string, title: string): Reply => {
    const summary = summaryOfRun(text)
    if (typeof summary === 'string') return problem(422, 'The file is no run', summary)
    if (runs.size >= MOST) return problem(409, 'Too many runs are kept', 'Delete one of them first.')
    const runId = randomUUID()
    const keptAt = new Date(parts.now()).toISOString()
    const view = { runId, title, keptAt, size: Buffer.byteLength(text), ...summary }
    runs.set(runId, { view, text })
    parts.events.append('runs', { kept: runs.size })
    return { status: 201, body: view }
  }
  return [...presentRun(parts, keep), ...keptRuns(parts, { runs, keep })]
}

type Keep = (text: string, title: string) => Reply

const presentRun = (parts: RunRoutes, keep: Keep): readonly Route[] => [
  {
    method: 'GET',
    path: '/run',
    summary:
      'The run so far as a file that the console opens: what is kept of the event stream, and every card after each of its changes.',
    query: { after: { type: 'integer', minimum: 0 }, eid: eid },
    answers: { 200: file },
    handle: ({ query }) => asFile(writeRun(parts, query as RunBounds), 'run'),
  },
  {
    method: 'DELETE',
    path: '/run',
    summary: 'The run begins anew: trace and event stream are forgotten. Devices, orders and faults stay as they are.',
    answers: { 204: { description: 'Forgotten.' } },
    handle() {
      parts.trace.clear()
      parts.events.clear()
      parts.events.append('run', { begunAt: new Date(parts.now()).toISOString() })
      return { status: 204 }
    },
  },
  {
    method: 'POST',
    path: '/runs/snapshots',
    summary: 'Keeps the run so far, as it is now.',
    body: schemas.snapshot,
    answers: kept,
    handle: ({ body }) => keep(writeRun(parts, {}), (body as { title?: string }).title ?? 'a snapshot'),
  },
]

interface Keeping {
  readonly runs: Map<string, Kept>
  readonly keep: Keep
}

const keptRuns = ({ events }: RunRoutes, { runs, keep }: Keeping): readonly Route[] => [
  {
    method: 'GET',
    path: '/runs',
    summary: 'Runs that are kept, oldest first.',
    answers: { 200: { description: 'What they are.', schema: schemas.keptRuns } },
    handle: () => ({ status: 200, body: { runs: Array.from(runs.values(), ({ view }) => view) } }),
  },
  {
    method: 'POST',
    path: '/runs',
    summary: 'Imports a run that was exported, here or elsewhere. It is to be looked at: no card becomes another one.',
    query: { title: { type: 'string', maxLength: 120 } },
    text: MEDIA_TYPE,
    answers: { ...kept, 422: { description: 'The file is no run; the detail names the line.' } },
    handle: ({ body, query }) => keep(body as string, (query['title'] as string | undefined) ?? 'imported'),
  },
  {
    method: 'GET',
    path: '/runs/{runId}',
    summary: 'A run that is kept, as a file.',
    parameters: { runId: { type: 'string' } },
    answers: { 200: file, ...noRun },
    handle({ parameters }) {
      const found = runs.get(parameters['runId'] ?? '')
      return found ? asFile(found.text, `run-${found.view.runId}`) : problem(404, 'No such run')
    },
  },
  {
    method: 'DELETE',
    path: '/runs/{runId}',
    summary: 'Keeps a run no longer.',
    parameters: { runId: { type: 'string' } },
    answers: { 204: { description: 'Gone.' }, ...noRun },
    handle({ parameters }) {
      if (!runs.delete(parameters['runId'] ?? '')) return problem(404, 'No such run')
      events.append('runs', { kept: runs.size })
      return { status: 204 }
    },
  },
]
