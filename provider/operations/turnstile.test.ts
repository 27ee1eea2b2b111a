import { expect, it } from 'vitest'
import { createTurnstile } from './turnstile.ts'

it('runs the work of one key one at a time, in order, and that of other keys beside it', async () => {
  const turnstile = createTurnstile()
  const seen: string[] = []
  let open = () => {}
  const gate = new Promise<void>((resolve) => {
    open = resolve
  })
  const first = turnstile.enter('a', async () => {
    seen.push('a1 begins')
    await gate
    seen.push('a1 ends')
  })
  const second = turnstile.enter('a', async () => seen.push('a2'))
  await turnstile.enter('b', async () => seen.push('b'))
  open()
  await Promise.all([first, second])
  expect(seen).toEqual(['a1 begins', 'b', 'a1 ends', 'a2'])
})

it('goes on after work that failed, and tells only whoever waits for it', async () => {
  const turnstile = createTurnstile()
  const failing = turnstile.enter('a', () => Promise.reject(new Error('no')))
  const next = turnstile.enter('a', async () => 'next')
  await expect(failing).rejects.toThrow('no')
  await expect(next).resolves.toBe('next')
})

it('is idle when the last work is done, also when work begins more', async () => {
  const turnstile = createTurnstile()
  let done = false
  void turnstile.enter('a', async () => {
    void turnstile.enter('b', async () => {
      done = true
    })
  })
  await turnstile.idle()
  expect(done).toBe(true)
})
