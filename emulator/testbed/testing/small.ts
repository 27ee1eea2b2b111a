import type { TestbedOptions } from '../options.ts'

/** A testbed of a test, on free ports: no device but those that the test makes or asks for, and none of them polls by itself. */
export const small = (options: Pick<TestbedOptions, 'seed'> & Partial<TestbedOptions>): TestbedOptions => ({
  ...{ version: 'test', host: '127.0.0.1', name: 'localhost', devices: 0, pollIntervalMs: 3_600_000 },
  ...{ control: { port: 0, token: '' }, smdp: { port: 0 }, smds: { port: 0 } },
  eim: { id: 'eim.testbed.example', esipaPort: 0, northboundPort: 0, onomondoPort: 0 },
  ...options,
})

/** For `onError`: what is ours to mend fails the test. */
export const thrown = (error: unknown): never => {
  throw error
}
