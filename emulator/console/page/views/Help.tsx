import { useEffect, useRef } from 'react'
import { shortcuts } from '../state/keyboard-browser.ts'
import { useUi } from '../state/ui.ts'

export function Help() {
  const { ui, change } = useUi()
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    if (ui.isHelpOpen) dialog.current?.showModal()
    else dialog.current?.close()
  }, [ui.isHelpOpen])
  return (
    <dialog ref={dialog} aria-labelledby="help-title" onClose={() => change({ isHelpOpen: false })}>
      <h2 id="help-title">Keys</h2>
      <dl className="keys">
        {shortcuts.map(({ keys, does }) => (
          <div key={keys}>
            <dt>
              <kbd>{keys === 'Escape' ? 'Esc' : keys}</kbd>
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
      <button type="button" onClick={() => change({ isHelpOpen: false })}>
        close
      </button>
    </dialog>
  )
}
