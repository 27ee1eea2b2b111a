import { describe, expect, it } from 'vitest'
import type { PackageResult } from '../rsp/platform.ts'
import type { Operation, Phase, Task } from './operation.ts'
import { type Effect, type OperationEvent, resume, transition } from './transitions.ts'

type News = OperationEvent extends infer E ? (E extends unknown ? Omit<E, 'now'> : never) : never

const iccid = '8901000000000000001'
const limit = 1000
const download: Task = { kind: 'download', activationCode: 'LPA:1$a$b', activateOnDownload: false }
const downloadAndEnable: Task = { ...download, activateOnDownload: true }
const remove: Task = { kind: 'delete', whenEnabled: 'auto-disable' }

const accepted = (task: Task): Operation => ({
  operationId: 'op',
  dialect: 'd',
  tenant: 't',
  correlator: 'c',
  eid: '89049032000000000000000000000001',
  iccid,
  task,
  timeLimitMs: limit,
  progress: { phase: 'accepted', deadline: limit },
})

const profile = (state: 'enabled' | 'disabled') => ({ iccid, state, fallbackAttribute: false, fallbackAllowed: false })
const turn = (state?: 'enabled' | 'disabled'): News => ({ kind: 'turn', profiles: state ? [profile(state)] : [] })
const submitted: News = { kind: 'submitted', packageId: 'p' }
const delivered: News = { kind: 'delivered' }
const passed: News = { kind: 'deadline-passed' }
const done = (result: PackageResult): News => ({ kind: 'done', result })
const card = (...results: [string, string][]): News =>
  done({
    kind: 'euiccPackageResult',
    verified: true,
    results: results.map(([operation, result]) => ({ operation, result })),
  })
const installed: News = done({ kind: 'profileInstallationResult', verified: true, outcome: 'success', iccid })

/** Everything that happens, one instant after the other; answers the operation and the effects of the last news. */
const live = (task: Task, ...news: readonly News[]): { operation: Operation; effects: readonly Effect[] } => {
  let operation = accepted(task)
  let effects: readonly Effect[] = []
  for (const [now, one] of news.entries())
    [operation, effects] = transition(operation, { ...one, now: now + 1 } as OperationEvent)
  return { operation, effects }
}
const resultOf = (task: Task, ...news: readonly News[]) => {
  const { progress } = live(task, ...news).operation
  return progress.phase === 'completed' ? progress.result : progress
}
const failed = (reason: string, details?: string) => ({
  outcome: 'failed',
  completedAt: expect.any(Number),
  failure: { reason, ...(details !== undefined && { details }) },
})

describe('when its turn comes, an operation', () => {
  const psmo = (...parts: object[]) => ({ psmo: parts })
  it.each([
    ['download', download, undefined, { download: { activationCode: 'LPA:1$a$b' } }, 'op/download'],
    ['enable', { kind: 'enable' }, 'disabled', psmo({ enable: { iccid } }), 'op/enable'],
    [
      'enable of an enabled eSIM (the card decides)',
      { kind: 'enable' },
      'enabled',
      psmo({ enable: { iccid } }),
      'op/enable',
    ],
    ['disable', { kind: 'disable' }, 'enabled', psmo({ disable: { iccid } }), 'op/disable'],
    ['delete of a disabled eSIM', remove, 'disabled', psmo({ delete: { iccid } }), 'op/delete'],
    [
      'delete of an enabled eSIM',
      remove,
      'enabled',
      psmo({ disable: { iccid } }, { delete: { iccid } }),
      'op/disable-and-delete',
    ],
    [
      'set-fallback',
      { kind: 'set-fallback' },
      'disabled',
      psmo({ setFallbackAttribute: { iccid } }),
      'op/set-fallback',
    ],
  ] as const)('sends one package: %s', (_name, task, state, order, key) => {
    const { operation, effects } = live(task, turn(state))
    expect(effects).toEqual([{ kind: 'submit', order, key }])
    expect(operation.progress).toMatchObject({ phase: 'dispatched' })
  })

  it.each([
    ['download of an eSIM that is there', download, 'disabled', 'already-installed'],
    [
      'delete of an enabled eSIM where that is a conflict',
      { kind: 'delete', whenEnabled: 'conflict' },
      'enabled',
      'not-disabled',
    ],
    ['set-fallback of an enabled eSIM', { kind: 'set-fallback' }, 'enabled', 'not-disabled'],
  ] as const)('fails without a package: %s', (_name, task, state, reason) => {
    expect(live(task, turn(state)).effects).toEqual([])
    expect(resultOf(task, turn(state))).toEqual(failed(reason))
  })
})

describe('the result of a package', () => {
  const enable: Task = { kind: 'enable' }
  it.each([
    ['ok', 'success', enable, card(['enable', 'ok'])],
    [
      'ok beside a listProfileInfo of the platform',
      'success',
      enable,
      card(['enable', 'ok'], ['listProfileInfo', 'ok']),
    ],
    ['an installed profile', 'success', download, installed],
  ] as const)('%s completes the operation with success', (_name, outcome, task, news) => {
    expect(resultOf(task, turn(), submitted, delivered, news)).toEqual({ outcome, completedAt: 4 })
  })

  it('completes the operation also when the delivery was missed', () => {
    expect(resultOf(enable, turn(), submitted, card(['enable', 'ok']))).toMatchObject({ outcome: 'success' })
  })

  it.each([
    [
      'profileNotInDisabledState',
      enable,
      card(['enable', 'profileNotInDisabledState']),
      'not-disabled',
      'enable: profileNotInDisabledState',
    ],
    [
      'profileNotInEnabledState',
      { kind: 'disable' },
      card(['disable', 'profileNotInEnabledState']),
      'not-enabled',
      'disable: profileNotInEnabledState',
    ],
    [
      'iccidOrAidNotFound',
      enable,
      card(['enable', 'iccidOrAidNotFound']),
      'not-installed',
      'enable: iccidOrAidNotFound',
    ],
    [
      'fallbackNotAllowed',
      { kind: 'set-fallback' },
      card(['setFallbackAttribute', 'fallbackNotAllowed']),
      'fallback-not-allowed',
      'setFallbackAttribute: fallbackNotAllowed',
    ],
    ['catBusy', enable, card(['enable', 'catBusy']), 'refused', 'enable: catBusy'],
    [
      'processingTerminated',
      enable,
      card(['processingTerminated', 'interruption']),
      'refused',
      'enable: not carried out (interruption)',
    ],
    ['nothing', enable, card(), 'refused', 'enable: not carried out (no result)'],
    [
      'euiccPackageError',
      enable,
      done({ kind: 'euiccPackageError', verified: true, error: 'replayError' }),
      'refused',
      'euiccPackageError: replayError',
    ],
    [
      'packageError',
      enable,
      done({ kind: 'packageError', error: 'unknownPackage' }),
      'refused',
      'packageError: unknownPackage',
    ],
    ['a result of the wrong kind', enable, installed, 'refused', 'profileInstallationResult'],
    [
      'profileDownloadError',
      download,
      done({ kind: 'profileDownloadError', reason: 'undefinedError', subjectCode: '8.2.6', reasonCode: '3.8' }),
      'download-failed',
      'subject 8.2.6, reason 3.8, undefinedError',
    ],
    [
      'an installation error',
      download,
      done({
        kind: 'profileInstallationResult',
        verified: true,
        outcome: 'error',
        bppCommandId: 'loadProfileElements',
        errorReason: 'pprNotAllowed',
      }),
      'download-failed',
      'loadProfileElements: pprNotAllowed',
    ],
    [
      'installFailedDueToIccidAlreadyExistsOnEuicc',
      download,
      done({
        kind: 'profileInstallationResult',
        verified: true,
        outcome: 'error',
        bppCommandId: 'storeMetadata',
        errorReason: 'installFailedDueToIccidAlreadyExistsOnEuicc',
      }),
      'already-installed',
      'storeMetadata: installFailedDueToIccidAlreadyExistsOnEuicc',
    ],
    [
      'another ICCID',
      downloadAndEnable,
      done({ kind: 'profileInstallationResult', verified: true, outcome: 'success', iccid: '8999' }),
      'iccid-mismatch',
      'The profile that was installed has ICCID 8999.',
    ],
    ['a half package', remove, card(['delete', 'returnFallbackProfile']), 'refused', 'delete: returnFallbackProfile'],
  ] as const)('%s fails the operation', (_name, task, news, reason, details) => {
    expect(resultOf(task, turn(), submitted, delivered, news)).toEqual(failed(reason, details))
  })

  it.each([
    ['unsigned error', { kind: 'euiccPackageErrorUnsigned' }],
    ['result with a signature that did not verify', { kind: 'euiccPackageResult', verified: false, results: [] }],
    [
      'installation with a signature that did not verify',
      { kind: 'profileInstallationResult', verified: false, outcome: 'success', iccid },
    ],
  ] as const)('is not believed when it is an %s', (_name, result) => {
    const before = live(enable, turn('disabled'), submitted, delivered)
    const after = transition(before.operation, { kind: 'done', result, now: 9 })
    expect(after).toEqual([before.operation, []])
  })
})

describe('an operation of two steps', () => {
  const afterDownload = [turn(), submitted, delivered, installed]

  it('enables after the download and succeeds once', () => {
    expect(live(downloadAndEnable, ...afterDownload).effects).toEqual([
      { kind: 'submit', order: { psmo: [{ enable: { iccid } }] }, key: 'op/enable' },
    ])
    expect(resultOf(downloadAndEnable, ...afterDownload, submitted, delivered, card(['enable', 'ok']))).toMatchObject({
      outcome: 'success',
    })
  })

  it('says what has been done when the second step fails', () => {
    expect(resultOf(downloadAndEnable, ...afterDownload, submitted, card(['enable', 'catBusy']))).toEqual(
      failed('refused', 'The eSIM has been downloaded and is not enabled. enable: catBusy'),
    )
  })

  it('does not begin the second step after the time limit', () => {
    const late = [turn(), submitted, delivered, passed, installed]
    expect(live(downloadAndEnable, ...late).effects).toEqual([])
    expect(resultOf(downloadAndEnable, ...late)).toEqual(
      failed('unreachable', 'The eSIM has been downloaded and is not enabled. The time limit passed before this step.'),
    )
  })

  it('disables and deletes in two packages when the platform refuses both in one', () => {
    const refused: News = { kind: 'refused', detail: 'not in one package' }
    expect(live(remove, turn('enabled'), refused).effects).toMatchObject([{ key: 'op/disable-before-delete' }])
    const disabled = [turn('enabled'), refused, submitted, card(['disable', 'ok'])]
    expect(live(remove, ...disabled).effects).toMatchObject([{ key: 'op/delete' }])
    expect(resultOf(remove, ...disabled, submitted, card(['delete', 'ok']))).toMatchObject({ outcome: 'success' })
  })
})

describe('the time limit', () => {
  const enable: Task = { kind: 'enable' }

  it('fails an operation that still waits for its turn', () => {
    expect(resultOf(enable, passed)).toMatchObject({ outcome: 'failed', failure: { reason: 'unreachable' } })
  })

  it('fails an operation whose turn comes too late', () => {
    const late = { ...turn('disabled'), now: limit } as OperationEvent
    expect(transition(accepted(enable), late)[0].progress).toMatchObject({
      result: { failure: { reason: 'unreachable' } },
    })
    expect(transition(accepted(enable), { ...late, now: limit - 1 })[0].progress).toMatchObject({ phase: 'dispatched' })
  })

  it('does not try otherwise after the time limit', () => {
    const refused: News = { kind: 'refused', detail: 'not in one package' }
    expect(live(remove, turn('enabled'), passed, refused).effects).toEqual([])
    expect(resultOf(remove, turn('enabled'), passed, refused)).toMatchObject({ failure: { reason: 'unreachable' } })
  })

  it('takes back the package before the operation fails', () => {
    const waiting = live(enable, turn('disabled'), submitted, passed)
    expect(waiting.effects).toEqual([{ kind: 'withdraw', packageId: 'p' }])
    expect(waiting.operation.progress).toMatchObject({ phase: 'dispatched', deadline: 3 + limit })
    expect(resultOf(enable, turn('disabled'), submitted, passed, { kind: 'cancelled' })).toEqual(
      failed('unreachable', 'The package was never handed to the device.'),
    )
  })

  it('takes back a package whose id only arrives afterwards', () => {
    expect(live(enable, turn('disabled'), passed).effects).toEqual([])
    expect(live(enable, turn('disabled'), passed, submitted).effects).toEqual([{ kind: 'withdraw', packageId: 'p' }])
  })

  it('lets a package that the device has decide, once more as long', () => {
    const handedOver = [turn('disabled'), submitted, passed, delivered]
    expect(resultOf(enable, ...handedOver)).toMatchObject({ phase: 'executing', deadline: 3 + limit })
    expect(resultOf(enable, ...handedOver, card(['enable', 'ok']))).toMatchObject({ outcome: 'success' })
    expect(resultOf(enable, ...handedOver, passed)).toEqual(
      failed('unreachable', 'The device has the package; whether it was carried out is not known.'),
    )
  })

  it('waits once more also for a package that was handed over before', () => {
    const executing = [turn('disabled'), submitted, delivered, passed]
    expect(resultOf(enable, ...executing)).toMatchObject({ phase: 'executing', overdue: true, deadline: 4 + limit })
    expect(resultOf(enable, ...executing, passed)).toMatchObject({ outcome: 'failed' })
  })
})

describe('the platform', () => {
  it('ends an operation as cancelled when somebody else cancels its package', () => {
    expect(resultOf({ kind: 'enable' }, turn('disabled'), submitted, { kind: 'cancelled' })).toEqual({
      outcome: 'cancelled',
      completedAt: 3,
    })
  })

  it.each([
    ['a download', download, 'download-failed'],
    ['another operation', { kind: 'disable' }, 'refused'],
  ] as const)('fails %s whose package it refuses', (_name, task, reason) => {
    expect(resultOf(task, turn(), { kind: 'refused', detail: 'no' })).toEqual(failed(reason, 'no'))
  })

  it('fails an operation whose package it has lost', () => {
    const known = [turn('enabled'), submitted]
    for (const news of [known, [...known, delivered]])
      expect(resultOf(remove, ...news, { kind: 'lost' })).toEqual(
        failed('refused', 'The RSP platform does not know the package any more.'),
      )
  })
})

describe('an event that the phase does not list', () => {
  const everything: News[] = [
    turn(),
    submitted,
    { kind: 'refused', detail: '' },
    { kind: 'lost' },
    delivered,
    card(),
    { kind: 'cancelled' },
    passed,
  ]
  const reached: Record<Phase, readonly News[]> = {
    accepted: [],
    dispatched: [turn('disabled')],
    executing: [turn('disabled'), submitted, delivered],
    completed: [turn('disabled'), submitted, card(['enable', 'ok'])],
  }
  const listed: Record<Phase, readonly News['kind'][]> = {
    accepted: ['turn', 'deadline-passed'],
    dispatched: ['submitted', 'refused', 'lost', 'delivered', 'done', 'cancelled', 'deadline-passed'],
    executing: ['lost', 'done', 'cancelled', 'deadline-passed'],
    completed: [],
  }
  const cases = (Object.keys(reached) as Phase[]).flatMap((phase) =>
    everything.filter(({ kind }) => !listed[phase].includes(kind)).map((news) => [phase, news.kind, news] as const),
  )
  it.each(cases)('changes nothing: %s, %s', (phase, _kind, news) => {
    const { operation } = live({ kind: 'enable' }, ...reached[phase])
    expect(transition(operation, { ...news, now: 99 } as OperationEvent)).toEqual([operation, []])
  })

  it('changes nothing when a delivery is told before the package has an id', () => {
    const { operation } = live({ kind: 'enable' }, turn('disabled'))
    expect(transition(operation, { kind: 'delivered', now: 9 })).toEqual([operation, []])
  })
})

describe('after a restart', () => {
  const enable: Task = { kind: 'enable' }
  it.each([
    ['an accepted operation waits for its turn', [], []],
    [
      'a package that may not have been sent is sent with the same key',
      [turn('disabled')],
      [{ kind: 'submit', order: { psmo: [{ enable: { iccid } }] }, key: 'op/enable' }],
    ],
    ['a package at the platform is looked at', [turn('disabled'), submitted], [{ kind: 'look', packageId: 'p' }]],
    [
      'a package at the device is looked at',
      [turn('disabled'), submitted, delivered],
      [{ kind: 'look', packageId: 'p' }],
    ],
    [
      'a package that was to be taken back is taken back',
      [turn('disabled'), submitted, passed],
      [{ kind: 'withdraw', packageId: 'p' }],
    ],
    ['a completed operation is left alone', [turn('disabled'), submitted, card(['enable', 'ok'])], []],
  ] as const)('%s', (_name, news, effects) => {
    expect(resume(live(enable, ...news).operation)).toEqual(effects)
  })
})
