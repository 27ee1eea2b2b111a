import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { start } from './state/store-browser.ts'
import { App } from './views/App.tsx'

const root = document.getElementById('root')
if (root)
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  )
start()
