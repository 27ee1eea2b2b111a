/** pcscd with vsmartcard's virtual reader, and PC/SC clients, as Debian packages them. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

const PCSCD = '/usr/sbin/pcscd'
const DRIVER = '/usr/lib/pcsc/drivers/serial/libifdvpcd.so'
const SOCKET = '/run/pcscd/pcscd.comm'
const packages = {
  pcscd: PCSCD,
  'vsmartcard-vpcd': DRIVER,
  opensc: '/usr/bin/opensc-tool',
  'pcsc-tools': '/usr/bin/scriptor',
}

/** Why PC/SC cannot be tried here; undefined when it can. */
export function whyNot(): string | undefined {
  const missing = Object.entries(packages).flatMap(([name, path]) => (existsSync(path) ? [] : [name]))
  if (missing.length > 0) return `${missing.join(', ')} not installed`
  if (process.getuid?.() !== 0) return 'pcscd needs to be root'
  return existsSync(SOCKET) ? 'another pcscd is running' : undefined
}

export interface Pcscd {
  /** Where its first virtual reader waits for a card. */
  readonly port: number
  stop(): Promise<void>
}

/** The socket of pcscd is compiled in: when another test run got there first, this one waits until that has ended. */
export async function startPcscd(): Promise<Pcscd> {
  const port = await freePortPair()
  const folder = mkdtempSync(join(tmpdir(), 'esim-testbed-pcscd-'))
  const address = `0x${port.toString(16)}`
  const rows = [
    'FRIENDLYNAME "Virtual PCD"',
    `DEVICENAME /dev/null:${address}`,
    `LIBPATH ${DRIVER}`,
    `CHANNELID ${address}`,
  ]
  writeFileSync(join(folder, 'vpcd.conf'), `${rows.join('\n')}\n`)
  let daemon = spawnPcscd(folder)
  while (!(await isReady(daemon))) {
    await delay(250)
    daemon = spawnPcscd(folder)
  }
  return {
    port,
    async stop() {
      const exited = once(daemon, 'exit')
      daemon.kill()
      await exited
      rmSync(folder, { recursive: true })
    },
  }
}

const spawnPcscd = (folder: string): ChildProcess => spawn(PCSCD, ['--foreground', '--info', '--config', folder])

function isReady(daemon: ChildProcess): Promise<boolean> {
  return new Promise((resolve) => {
    const look = (chunk: unknown) => String(chunk).includes('daemon ready') && resolve(true)
    daemon.stdout?.on('data', look)
    daemon.stderr?.on('data', look)
    daemon.once('exit', () => resolve(false))
  })
}

/** vpcd has two slots, on two ports in a row. */
async function freePortPair(): Promise<number> {
  for (;;) {
    const first = createServer().listen(0, '127.0.0.1')
    await once(first, 'listening')
    const { port } = first.address() as AddressInfo
    const second = createServer().listen(port + 1, '127.0.0.1')
    const isFree = await once(second, 'listening').then(
      () => true,
      () => false,
    )
    first.close()
    second.close()
    if (isFree) return port
  }
}

interface Ended {
  readonly code: unknown
  readonly output: string
}

async function run(program: string, args: readonly string[], input = ''): Promise<Ended> {
  const client = spawn(program, args)
  const output: string[] = []
  client.stdout.on('data', (chunk) => output.push(String(chunk)))
  client.stdin.end(input)
  const [code] = await once(client, 'close')
  return { code, output: output.join('') }
}

/** The ATR in hexadecimal, once the reader has noticed the card. */
export async function atrOverPcsc(): Promise<string> {
  for (;;) {
    const { code, output } = await run(packages.opensc, ['--reader', '0', '--atr'])
    if (code === 0) return output.trim().replaceAll(':', '')
    await delay(100)
  }
}

/** Commands of scriptor, one a line, and what each was answered with, in hexadecimal; a reset is answered with the ATR. */
export async function script(...lines: readonly string[]): Promise<string[]> {
  const { output } = await run(packages['pcsc-tools'], ['-r', 'Virtual PCD 00 00'], `${lines.join('\n')}\n`)
  const [, ...exchanges] = output.split(/^> /m)
  return exchanges.map((exchange) => {
    const [, answer = ''] = exchange.split('\n< ')
    const [octets = ''] = answer.replace('OK: ', '').split(' : ')
    return octets.replaceAll(/\s/g, '').toLowerCase()
  })
}
