/** A built program as a process of its own, which can be killed and started again. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { wait } from './chance.ts'

export interface Killable {
  /** Resolves when it says where it listens; rejects when it ends before. */
  start(): Promise<void>
  /** SIGKILL, at whatever it is doing. */
  kill(): Promise<void>
  /** What it has said on its standard streams since its last start. */
  said(): string
}

/** `program`: its path seen from this folder. */
export const createKillable = (program: string, ...args: readonly string[]): Killable => {
  const path = fileURLToPath(new URL(program, import.meta.url))
  let child: ChildProcess | undefined
  let output = ''
  return {
    said: () => output,
    start() {
      output = ''
      const started = spawn(process.execPath, [path, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
      child = started
      return new Promise((resolve, reject) => {
        const hear = (chunk: Buffer) => {
          output = `${output}${chunk}`.slice(-20_000)
          if (/^https?:/m.test(output)) resolve()
        }
        started.stdout.on('data', hear)
        started.stderr.on('data', hear)
        started.once('exit', (code, signal) => reject(new Error(`${program} ended with ${code ?? signal}: ${output}`)))
      })
    },
    async kill() {
      const killed = child
      if (!killed || killed.exitCode !== null || killed.signalCode !== null) return
      const exit = once(killed, 'exit')
      killed.kill('SIGKILL')
      await exit
    },
  }
}

/** Some time, and started again. One in four dies while it starts, which takes `startMs` at most. */
export async function killSometime(victim: Killable, random: () => number, startMs: number): Promise<void> {
  await wait(random() * 100)
  await victim.kill()
  const starting = victim.start().catch((error: unknown) => error)
  if (random() < 0.25) {
    await wait(random() * startMs)
    await victim.kill()
    await starting
    await victim.start()
  } else {
    const failed = await starting
    if (failed) throw failed
  }
}
