import { useRef, useState } from 'react'
import { call } from '../api/client-http.ts'
import { runFileName, saveFile } from '../state/file-browser.ts'
import { openRun } from '../state/store-browser.ts'
import { useUi } from '../state/ui.ts'
import { Icon } from './Icon.tsx'

/** Writes the run to a file, or opens one: then the page shows it instead of the live testbed, which does not notice. */
export function RunMenu() {
  const { change } = useUi()
  const file = useRef<HTMLInputElement>(null)
  const [problem, setProblem] = useState('')
  const save = async () => {
    saveFile(runFileName(), await call<string>('GET', '/run'))
  }
  const open = async (chosen: File | undefined) => {
    if (!chosen) return
    try {
      openRun(await chosen.text())
      setProblem('')
      change({ moment: undefined, pinned: undefined, selected: undefined, following: undefined })
    } catch (error) {
      setProblem((error as Error).message)
    }
  }
  return (
    <div className="run-menu">
      <button type="button" onClick={() => void save().catch((error) => setProblem(error.message))}>
        <Icon name="run" /> export run
      </button>
      <button type="button" onClick={() => file.current?.click()}>
        open run
      </button>
      <input
        ref={file}
        type="file"
        accept=".ndjson"
        hidden
        aria-label="A run in a file"
        onChange={(event) => void open(event.target.files?.[0])}
      />
      {problem && <p role="alert">{problem}</p>}
    </div>
  )
}
