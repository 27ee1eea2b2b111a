/** The debug console: a page that reads the control API and nothing else. */
export { mountConsole } from './page-http.ts'
