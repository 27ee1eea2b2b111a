import { expect, it } from 'vitest'
import { postOutside } from './post-http.ts'

const retry = { initialMs: 1, factor: 2, maxMs: 1, jitter: 0, giveUpAfterMs: 1 }
const policy = { allowHttp: true, allowPrivateAddresses: true, timeoutMs: 1000, retry }

it('a message that cannot be sent has failed', async () => {
  const headers = { authorization: 'Bearer a\r\nb: c' }
  const message = { url: 'http://127.0.0.1:9/', headers, text: '', closing: new AbortController().signal }
  expect(await postOutside(policy, message)).toEqual({ kind: 'failed', why: 'ERR_INVALID_CHAR' })
})
