import { useState } from 'react'
import type { Message } from '../api/contract.ts'
import { asCommand, asVector } from '../model/copy.ts'
import { inspect } from '../model/inspect.ts'
import { useWorld } from '../state/store-browser.ts'
import { Icon } from './Icon.tsx'

/** Hexadecimal, a command, a test vector: to the clipboard. */
export function CopyMenu({ message }: { readonly message: Message }) {
  const { info } = useWorld()
  const [copied, setCopied] = useState('')
  const copy = (what: string, text: string) =>
    navigator.clipboard.writeText(text).then(
      () => setCopied(what),
      () => setCopied(''),
    )
  return (
    <>
      {message.octets && (
        <button type="button" onClick={() => copy('hex', message.octets ?? '')}>
          <Icon name="copy" /> hex
        </button>
      )}
      <button type="button" onClick={() => copy('command', asCommand(message, info?.doors ?? {}))}>
        <Icon name="copy" /> command
      </button>
      <button type="button" onClick={() => copy('vector', asVector(message, inspect(message).title))}>
        <Icon name="copy" /> vector
      </button>
      <output aria-live="polite" className="quiet">
        {copied && `${copied} copied`}
      </output>
    </>
  )
}
