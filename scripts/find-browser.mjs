// Before the tests: which Chromium those of the console run in. Where there is none, Playwright's own is installed; says what it did, and never fails.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { chromium } from 'playwright'

const INSTALLING_MS = 300_000
const candidates = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
const mac = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'
const find = () => [...candidates, mac, chromium.executablePath()].find((path) => path && existsSync(path))
const say = (text) => console.log(`Console: ${text}`)

const cli = join(dirname(createRequire(import.meta.url).resolve('playwright/package.json')), 'cli.js')
const playwright = (...words) =>
  spawnSync(process.execPath, [cli, ...words], { timeout: INSTALLING_MS, encoding: 'utf8', stdio: 'pipe' })

/** Why it does not start; undefined when it does. */
async function problemOf(executablePath) {
  try {
    const args = process.getuid?.() === 0 ? ['--no-sandbox'] : []
    await (await chromium.launch({ executablePath, args })).close()
    return undefined
  } catch (error) {
    return error.message.split('\n')[0]
  }
}

const found = find()
if (found) say(`its tests run in ${found}.`)
else {
  say('no Chromium was found; installing the one of Playwright.')
  const { status, stderr, error } = playwright('install', 'chromium')
  const installed = find()
  const problem = installed ? await problemOf(installed) : (error?.message ?? stderr.trim().split('\n')[0])
  if (installed && !problem) say(`installed ${installed}; its tests run there.`)
  else {
    if (installed) playwright('uninstall')
    say(`Chromium could not be ${installed ? 'started' : `installed (${status})`}: ${problem}. Its tests are not run.`)
  }
}
