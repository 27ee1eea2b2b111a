// `npm run soak:kill -- --times 100 --seed S [--role provider|roles]`: kills the provider so often, or IPA and eIM: embedded and on PostgreSQL, with one
// instance and with two.
import { spawnSync } from 'node:child_process'
import { parseArgs } from 'node:util'

const { values } = parseArgs({
  options: {
    times: { type: 'string', default: '100' },
    seed: { type: 'string', default: '1' },
    role: { type: 'string', default: '' },
  },
})
const all = ['provider', 'roles']
const tests = all.filter((role) => !values.role || role === values.role).map((role) => `test/${role}-kill.test.ts`)
const { status } = spawnSync(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', ...tests], {
  stdio: 'inherit',
  env: { ...process.env, KILL_TIMES: values.times, KILL_SEED: values.seed },
})
process.exitCode = status ?? 1
