import './state/theme-browser.ts'
import './style/index.css'

/** What stands in the page already is painted before the rest is read. A page that is not seen paints nothing. */
const begin = () => void import('./application.tsx')

if (document.visibilityState === 'hidden') begin()
else requestAnimationFrame(() => setTimeout(begin))
