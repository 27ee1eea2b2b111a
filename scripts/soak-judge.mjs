// `npm run soak:judge -- --dialect ID --times 20 --parallel 4 --burners 4 --first-seed 1`: judges the reference provider so often, each
// time with another seed, beside so many processes that do nothing but burn. One world for all runs of a dialect; without --dialect
// all dialects, one after another. Exit code 1 when anything was blamed.
import { spawn } from 'node:child_process'
import { loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import { readConfig } from '../dist/bin/config.js'
import { judge } from '../dist/bin/judge.js'
import { startWorld } from '../dist/bin/world.js'
import { dialectIds } from '../dist/conformance/index.js'
import { newSigningKey } from '../dist/provider/index.js'

const { values } = parseArgs({
  options: {
    times: { type: 'string', default: '20' },
    parallel: { type: 'string', default: '4' },
    burners: { type: 'string', default: '0' },
    'first-seed': { type: 'string', default: '1' },
    dialect: { type: 'string', multiple: true },
    time: { type: 'string', default: 'real' },
    tags: { type: 'string' },
  },
})
const rooms = ['control', 'smdp', 'smds', 'provider', 'authorization']
const ports = ['eim.esipaPort', 'eim.northboundPort', 'eim.onomondoPort', ...rooms.map((room) => `${room}.port`)]
const flags = {
  ...Object.fromEntries(ports.map((port) => [port, 0])),
  ...{ 'devices.count': 0, 'log.level': 'silent', time: values.time },
}

const burners = Array.from({ length: Number(values.burners) }, () =>
  spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' }),
)
const config = readConfig({ flags })
const first = Number(values['first-seed'])
const seeds = Array.from({ length: Number(values.times) }, (_, index) => first + index)

async function judgeOnce(world, keys, wanted) {
  const { report } = await judge(config, { doors: world.doors, keys }, wanted)
  const bad = report.scenarios.filter(({ verdict }) => verdict !== 'pass' && verdict !== 'off')
  const [load = 0] = loadavg()
  const passed = report.scenarios.filter(({ verdict }) => verdict === 'pass').length
  console.log(
    `${wanted.dialect} seed ${wanted.seed}: ${report.verdict}, ${passed} passed, ${report.seconds.toFixed(1)} s, load ${load.toFixed(1)}`,
  )
  for (const { name, verdict, step, reason, mismatches } of bad)
    console.log(`  ${verdict}: ${name}: ${step ?? ''} ${reason ?? ''} ${JSON.stringify(mismatches)}`)
  return bad.length
}

let blamed = 0
try {
  for (const dialect of values.dialect ?? dialectIds) {
    const keys = { signingKey: newSigningKey() }
    const world = await startWorld(config, keys)
    const wanted = { dialect, parallel: Number(values.parallel), ...(values.tags && { tags: values.tags }) }
    try {
      for (const seed of seeds) blamed += await judgeOnce(world, keys, { ...wanted, seed })
    } finally {
      await world.close()
    }
  }
} finally {
  for (const burner of burners) burner.kill()
}
process.exitCode = blamed === 0 ? 0 : 1
