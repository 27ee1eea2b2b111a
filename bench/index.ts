import { readFileSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { campaignNames, campaignRows } from './campaign.ts'
import { cardBenchmarks, idleCardNames, idleCards } from './card.ts'
import { codecBenchmarks } from './codec.ts'
import { compare, toComparison } from './compare.ts'
import { eventLatency, eventRow } from './events.ts'
import { fleetNames, fleetRows } from './fleet.ts'
import { type Benchmark, measure } from './measure.ts'
import { type Plot, toPage } from './page.ts'
import { peerBenchmarks } from './peers.ts'
import { procedures } from './procedures.ts'
import { providerBenchmarks } from './provider.ts'
import { type Row, toTable } from './row.ts'

/**
 * Prints a table of all benchmarks, with `--json` an array of rows; `--html FILE` writes a page with plots. Further arguments: only rows with these words in their
 * name. `--compare FILE`: this run beside an earlier one; `--compare FILE FILE`: two earlier ones, without a run. Exit code 1: a target that held does not any more.
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: 'boolean' }, html: { type: 'string' }, compare: { type: 'string' } },
})
const rowsIn = (file: string): Row[] => JSON.parse(readFileSync(file, 'utf8'))
const [second, ...rest] = positionals
const areBothThere = values.compare !== undefined && second?.endsWith('.json') === true
const words = areBothThere ? rest : positionals
const isAskedFor = ({ name }: { readonly name: string }): boolean => words.every((word) => name.includes(word))

const rows: Row[] = []
const plots: Plot[] = []
const measureAll = async (benchmarks: readonly Benchmark[]): Promise<void> => {
  for (const benchmark of benchmarks.filter(isAskedFor)) rows.push(await measure(benchmark))
}
/** Rows that come with plots and cannot be measured one by one. */
const measureTogether = async (
  names: readonly string[],
  run: () => Promise<{ readonly rows: readonly Row[]; readonly plots: readonly Plot[] }>,
): Promise<void> => {
  if (!names.some((name) => isAskedFor({ name }))) return
  const measured = await run()
  rows.push(...measured.rows.filter(isAskedFor))
  plots.push(...measured.plots)
}

async function run(): Promise<void> {
  // Octets are counted first: what other rows leave to the collector would be taken off.
  if (idleCardNames.some((name) => isAskedFor({ name }))) rows.push(...idleCards().filter(isAskedFor))
  await measureTogether(fleetNames, fleetRows)
  await measureAll([...codecBenchmarks, ...peerBenchmarks(), ...(await cardBenchmarks())])
  for (const [wiring, atMost] of [
    ['in process', 2],
    ['over HTTPS', 4],
  ] as const) {
    const { benchmarks, alone, close } = await procedures(wiring, atMost)
    await measureAll(benchmarks)
    rows.push(...(await alone()).filter(isAskedFor))
    await close()
  }
  await measureTogether(campaignNames, campaignRows)
  const provider = await providerBenchmarks()
  await measureAll(provider.benchmarks)
  await provider.close()
  if (isAskedFor({ name: eventRow })) rows.push(await eventLatency())
}

if (areBothThere) rows.push(...rowsIn(second))
else await run()
if (values.html)
  writeFileSync(values.html, toPage(rows, plots, `Node ${process.version}, ${availableParallelism()} cores`))
const changes = values.compare === undefined ? [] : compare(rowsIn(values.compare), rows).filter(isAskedFor)
const text = values.compare === undefined ? toTable(rows) : toComparison(changes)
console.log(values.json ? JSON.stringify(values.compare === undefined ? rows : changes, undefined, 2) : text)
process.exitCode = changes.some(({ broken }) => broken) ? 1 : 0
