/** A recording as a file: one line of JSON for each thing that was said. */
import { appendFileSync, readFileSync } from 'node:fs'
import { ConfigurationError } from '../schema.ts'

/** A line is in the file when it returns. */
export const appender = (file: string) => (line: object) => appendFileSync(file, `${JSON.stringify(line)}\n`)

/** A start without its recording must not happen. */
export const readLines = (file: string): readonly unknown[] => {
  try {
    return readFileSync(file, 'utf8')
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line))
  } catch (cause) {
    throw new ConfigurationError(`Provider configuration: the recording ${file} cannot be read.`, { cause })
  }
}
