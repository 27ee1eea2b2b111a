import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright'

const candidates = [
  process.env['CHROMIUM'],
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  chromium.executablePath(),
]

/** The system's Chromium, or Playwright's own; undefined where there is none. */
export const browserPath = candidates.find((path) => path !== undefined && existsSync(path))

/** Without background traffic: nothing but the page under test is asked for. Root cannot use the sandbox. */
const quiet = ['--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run']

export function openBrowser(): Promise<Browser> {
  if (browserPath === undefined) throw new Error('There is no Chromium here')
  const args = process.getuid?.() === 0 ? [...quiet, '--no-sandbox'] : quiet
  return chromium.launch({ executablePath: browserPath, args })
}
