/** The debug console: a page that reads the control API and nothing else. */
export { consolePage } from './page-http.ts'
