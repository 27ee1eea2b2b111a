import { cardBenchmarks, idleCards } from './card.ts'
import { codecBenchmarks } from './codec.ts'
import { type Benchmark, measure } from './measure.ts'
import { procedures } from './procedures.ts'
import { type Row, toTable } from './row.ts'

/** Prints a table of all benchmarks, with `--json` an array of rows. A further argument: only those with these words in their name. */
const only = process.argv.slice(2).filter((argument) => !argument.startsWith('--'))
const isAskedFor = ({ name }: { readonly name: string }): boolean => only.every((word) => name.includes(word))
const rows: Row[] = []
const measureAll = async (benchmarks: readonly Benchmark[]): Promise<void> => {
  for (const benchmark of benchmarks.filter(isAskedFor)) rows.push(await measure(benchmark))
}
await measureAll([...codecBenchmarks, ...(await cardBenchmarks())])
for (const [wiring, atMost] of [
  ['in process', 2],
  ['over HTTPS', 4],
] as const) {
  const { benchmarks, alone, close } = await procedures(wiring, atMost)
  await measureAll(benchmarks)
  rows.push(...(await alone()).filter(isAskedFor))
  await close()
}
rows.push(...idleCards().filter(isAskedFor))
console.log(process.argv.includes('--json') ? JSON.stringify(rows, undefined, 2) : toTable(rows))
