import { useState } from 'react'
import type { Message } from '../api/contract.ts'
import { asCommand, asVector } from '../model/copy.ts'
import { inspect } from '../model/inspect.ts'
import { copyText } from '../state/clipboard-browser.ts'
import { useWorld } from '../state/store-browser.ts'
import { Icon } from './Icon.tsx'

/** Hexadecimal, a command, a test vector: to the clipboard. */
export function CopyMenu({ message }: { readonly message: Message }) {
  const { info } = useWorld()
  const [copied, setCopied] = useState('')
  const copy = (what: string, text: string) =>
    copyText(text).then(
      () => setCopied(`${what} copied`),
      () => setCopied('the browser did not let it be copied'),
    )
  const command = asCommand(message, info?.doors ?? {})
  const kind = /\bcurl /.test(command) ? 'curl' : 'command'
  return (
    <>
      {message.octets && (
        <button type="button" onClick={() => copy('hex', message.octets ?? '')}>
          <Icon name="copy" /> hex
        </button>
      )}
      <button type="button" onClick={() => copy(kind, command)}>
        <Icon name="copy" /> {kind}
      </button>
      <button type="button" onClick={() => copy('vector', asVector(message, inspect(message).title))}>
        <Icon name="copy" /> vector
      </button>
      <output aria-live="polite" className="quiet">
        {copied}
      </output>
    </>
  )
}
