/** The built provider as a process of its own, which can be killed and started again on the same port. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const program = fileURLToPath(new URL('../../dist/bin/provider.js', import.meta.url))

export interface ProviderProcess {
  /** Resolves when it listens; rejects when it ends before. */
  start(): Promise<void>
  /** SIGKILL, at whatever it is doing. */
  kill(): Promise<void>
  /** What it has said on its standard streams since its last start. */
  said(): string
}

/** `settings`: docs/provider.md. */
export const createProviderProcess = (file: string, settings: object): ProviderProcess => {
  writeFileSync(file, JSON.stringify(settings))
  let child: ChildProcess | undefined
  let output = ''
  return {
    said: () => output,
    start() {
      output = ''
      const started = spawn(process.execPath, [program, '--config', file], { stdio: ['ignore', 'pipe', 'pipe'] })
      child = started
      return new Promise((resolve, reject) => {
        const hear = (chunk: Buffer) => {
          output = `${output}${chunk}`.slice(-20_000)
          if (/^http:/m.test(output)) resolve()
        }
        started.stdout.on('data', hear)
        started.stderr.on('data', hear)
        started.once('exit', (code, signal) =>
          reject(new Error(`the provider ended with ${code ?? signal}: ${output}`)),
        )
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
