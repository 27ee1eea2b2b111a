// `npm run soak:kill -- --times 100 --seed S`: kills the provider so often, embedded and on PostgreSQL, with one instance and with two.
import { spawnSync } from 'node:child_process'
import { parseArgs } from 'node:util'

const { values } = parseArgs({
  options: { times: { type: 'string', default: '100' }, seed: { type: 'string', default: '1' } },
})
const { status } = spawnSync(
  process.execPath,
  ['node_modules/vitest/vitest.mjs', 'run', 'test/provider-kill.test.ts'],
  {
    stdio: 'inherit',
    env: { ...process.env, KILL_TIMES: values.times, KILL_SEED: values.seed },
  },
)
process.exitCode = status ?? 1
