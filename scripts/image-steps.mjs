// `npm run check:image`: what docker/Dockerfile would do, without an engine. Its instructions are read, and its commands run, in clean folders: the build stage on
// what git has, the last stage with what is copied from it; then the image's command, until the command of its health check is content.
import { execFileSync, spawn } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

const PATIENCE_MS = 120_000
const root = mkdtempSync(join(tmpdir(), 'image-'))
const context = join(root, 'context')
const instructions = readFileSync('docker/Dockerfile', 'utf8')
  .replace(/\\\n/g, ' ')
  .split('\n')
  .filter((line) => /^[A-Z]+ /.test(line))
  .map((line) => /^([A-Z]+) +(.*)$/.exec(line).slice(1))

const say = (line) => process.stdout.write(`${line}\n`)
/** A path of the image below the folder of its stage. */
const within = (stage, path) => join(stage.folder, path.startsWith('/') ? path : join(stage.workdir, path))

function copy(stage, stages, words) {
  const from = words[0]?.startsWith('--from=') ? stages.get(words.shift().slice('--from='.length)) : undefined
  const target = words.at(-1)
  for (const source of words.slice(0, -1)) {
    const path = from ? within(from, source) : join(context, source)
    const whole = source === '.' || !/[./]$/.test(target)
    cpSync(path, whole ? within(stage, target) : join(within(stage, target), basename(source)), { recursive: true })
  }
}

const steps = {
  FROM(state, text) {
    const name = / AS (\S+)/.exec(text)?.[1] ?? 'last'
    state.stage = { folder: join(root, name), workdir: '/', variables: {} }
    mkdirSync(state.stage.folder)
    state.stages.set(name, state.stage)
  },
  WORKDIR({ stage }, path) {
    stage.workdir = path
    mkdirSync(within(stage, path), { recursive: true })
  },
  COPY: ({ stage, stages }, text) => copy(stage, stages, text.split(/ +/)),
  RUN({ stage }, command) {
    // Owners are the engine's business: nobody here is root of an image.
    const ours = command.replace(/install -d -o \w+ -g \w+ (\S+)/, (_, path) => `install -d ${within(stage, path)}`)
    execFileSync('sh', ['-ec', ours], { cwd: within(stage, stage.workdir), stdio: 'inherit' })
  },
  ENV({ stage }, text) {
    for (const [, name, value] of text.matchAll(/(\w+)=(\S+)/g)) stage.variables[name] = value
  },
  HEALTHCHECK(state, text) {
    state.health = JSON.parse(/CMD (\[.*\])/.exec(text)[1])
  },
  ENTRYPOINT(state, text) {
    state.entrypoint = JSON.parse(text)
  },
  CMD(state, text) {
    state.command = JSON.parse(text)
  },
}

const state = { stages: new Map() }
try {
  mkdirSync(context)
  execFileSync('sh', ['-c', `git archive HEAD | tar -x -C ${context}`])
  for (const [name, text] of instructions) {
    say(`${name} ${text.replace(/ +/g, ' ')}`)
    steps[name]?.(state, text)
  }
  const { stage, entrypoint, command, health } = state
  if (existsSync(join(within(stage, 'node_modules'), 'vitest')))
    throw new Error('development dependencies are in the image')
  await untilHealthy(stage, [...entrypoint, ...command], health)
  say('healthy')
} finally {
  rmSync(root, { recursive: true, force: true })
}

async function untilHealthy(stage, command, health) {
  const [program, ...args] = command.map((word) => (word === '/data' ? within(stage, '/data') : word))
  const env = { ...process.env, ...stage.variables, ESIM_TESTBED_CONTROL_TOKEN: 'a token', ...freePorts() }
  const cwd = within(stage, stage.workdir)
  const running = spawn(program, args, { cwd, env, stdio: ['ignore', 'pipe', 'inherit'] })
  const doors = new Promise((resolve, reject) => {
    let said = ''
    running.stdout.on('data', (part) => {
      said += part
      const port = /console +http:\/\/[^:]+:(\d+)/.exec(said)?.[1]
      if (port && said.includes('authorization')) resolve(port)
    })
    running.once('exit', (code) => reject(new Error(`ended with ${code}: ${said}`)))
  })
  try {
    const port = await doors
    const [checker, ...question] = health.map((word) => word.replace('127.0.0.1:8080', `127.0.0.1:${port}`))
    for (const end = Date.now() + PATIENCE_MS; ; await sleep(500)) {
      try {
        execFileSync(checker, question, { stdio: 'ignore' })
        return
      } catch (error) {
        if (Date.now() > end) throw error
      }
    }
  } finally {
    running.kill()
  }
}

/** Another testbed may run on this machine. */
function freePorts() {
  const names = ['CONTROL', 'EIM_ESIPA', 'EIM_NORTHBOUND', 'EIM_ONOMONDO', 'SMDP', 'SMDS', 'PROVIDER', 'AUTHORIZATION']
  return Object.fromEntries(names.map((name) => [`ESIM_TESTBED_${name}_PORT`, '0']))
}
