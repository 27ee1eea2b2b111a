import { cardBenchmarks, idleCards } from './card.ts'
import { codecBenchmarks } from './codec.ts'
import { measure } from './measure.ts'
import { type Row, toTable } from './row.ts'

/** Prints a table of all benchmarks, with `--json` an array of rows. A further argument: only those with these words in their name. */
const only = process.argv.slice(2).filter((argument) => !argument.startsWith('--'))
const rows: Row[] = []
for (const benchmark of [...codecBenchmarks, ...(await cardBenchmarks())])
  if (only.every((word) => benchmark.name.includes(word))) rows.push(await measure(benchmark))
rows.push(...idleCards())
console.log(process.argv.includes('--json') ? JSON.stringify(rows, undefined, 2) : toTable(rows))
