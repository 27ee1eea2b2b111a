import { useEffect, useRef } from 'react'
import { keepToken } from '../api/client-http.ts'
import { retry, useWorld } from '../state/store-browser.ts'

/** Asks for the token of the control API when it wants one. */
export function TokenDialog() {
  const isDenied = useWorld().connection === 'denied'
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    if (isDenied) dialog.current?.showModal()
    else dialog.current?.close()
  }, [isDenied])
  const keep = (form: FormData) => {
    keepToken(String(form.get('token') ?? '').trim())
    retry()
  }
  return (
    <dialog ref={dialog} aria-labelledby="token-title">
      <form action={keep}>
        <h2 id="token-title">This testbed wants a token</h2>
        <p>It is the key control.token of its configuration. It stays in this tab.</p>
        <label>
          Token <input name="token" type="password" autoComplete="off" required />
        </label>
        <button type="submit">use it</button>
      </form>
    </dialog>
  )
}
