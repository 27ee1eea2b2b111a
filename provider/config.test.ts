import { describe, expect, it } from 'vitest'
import { type ProviderSettings, settingsOf } from './config.ts'

const least: ProviderSettings = {
  issuer: 'https://as.example',
  audience: 'https://provider.example',
  rsp: { kind: 'eim', url: 'http://127.0.0.1:8082' },
  tenants: [],
  deviceOwners: [],
}

describe('the configuration', () => {
  it('has a default for everything that can have one', () => {
    expect(settingsOf(least)).toEqual({
      ...least,
      host: '127.0.0.1',
      port: 9091,
      door: { connections: 10_000, headersMs: 10_000, requestMs: 30_000 },
      storage: { kind: 'embedded' },
      dialects: {
        'esim-management@0.1': {
          events: 'named',
          stateConflicts: 'asynchronous',
          deleteEnabled: 'auto-disable',
          unknownIdentifier: 422,
        },
        'esim-profile-management@0.1.0-rc.1': { whenBusy: 'abort' },
        'esim-profile-management@0.1.0-rc.2': { whenBusy: 'abort' },
        'esim-profile-management-subscriptions@wip': {},
        'esim-remote-management@wip': { deleteEnabled: 'conflict' },
      },
      limits: {},
      deviceImeis: [],
      tokens: {
        algorithms: ['ES256', 'RS256', 'PS256'],
        clockSkewSeconds: 0,
        keysMaxAgeMs: 600_000,
        keysCoolDownMs: 30_000,
      },
      sinks: {
        allowHttp: false,
        allowPrivateAddresses: false,
        timeoutMs: 10_000,
        retry: { initialMs: 1000, factor: 2, maxMs: 3_600_000, jitter: 0.25, giveUpAfterMs: 86_400_000 },
      },
      operationTimeoutMs: 86_400_000,
      operationRetentionMs: 604_800_000,
      idempotencyMs: 86_400_000,
    })
  })

  const eid = '89049032000000000000000000000001'
  it.each<[object, string]>([
    [{ colour: 'red' }, 'Unknown property colour.'],
    [{ sinks: { retry: { initialMS: 1 } } }, 'Unknown property sinks.retry.initialMS.'],
    [{ dialects: { 'esim-management@9': {} } }, 'Unknown property dialects.esim-management@9.'],
    [
      { dialects: { 'esim-management@0.1': { events: 'some' } } },
      'dialects.esim-management@0.1.events must be one of named, operation-completed.',
    ],
    [{ issuer: undefined }, 'Property issuer is missing.'],
    [{ port: '9091' }, 'port must be of type integer.'],
    [{ rsp: { kind: 'eim', url: 'ftp://x.example' } }, 'rsp.url must match pattern "^https?://".'],
    [{ deviceOwners: [{ tenant: 'a', eidFrom: eid }] }, 'Property deviceOwners.0.eid is missing.'],
    [
      { deviceOwners: [{ tenant: 'a', eid, eidFrom: eid, eidTo: eid }] },
      'deviceOwners.0 must match exactly one schema in oneOf.',
    ],
  ])('is refused: %j: %s', (change, why) => {
    expect(() => settingsOf({ ...least, ...change })).toThrow(`Provider configuration: ${why}`)
  })
})
