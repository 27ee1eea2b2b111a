/** Light, dark, or as the system says. Kept where it was chosen. */
const KEY = 'esim-testbed.theme'
const themes = ['auto', 'light', 'dark'] as const
export type Theme = (typeof themes)[number]

export const readTheme = (): Theme => themes.find((theme) => theme === localStorage.getItem(KEY)) ?? 'auto'

const apply = (theme: Theme): void => {
  document.documentElement.dataset['theme'] = theme
}
apply(readTheme())

export function cycleTheme(): Theme {
  const next = themes[(themes.indexOf(readTheme()) + 1) % themes.length] ?? 'auto'
  localStorage.setItem(KEY, next)
  apply(next)
  dispatchEvent(new Event('theme'))
  return next
}
