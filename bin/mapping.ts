/** A file that somebody wrote for us: YAML or JSON, keys to values. */
import { readFileSync } from 'node:fs'
import { parse } from 'yaml'

/** A start that must not happen, with a sentence for the person who asked for it. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError'
}

type Tree = { [key: string]: unknown }

/** YAML or JSON. Throws ConfigurationError when the file cannot be read or is no mapping. */
export function readMapping(file: string, what = 'configuration file'): Tree {
  try {
    const content: unknown = parse(readFileSync(file, 'utf8'))
    if (typeof content === 'object' && content !== null && !Array.isArray(content)) return content as Tree
    throw new Error('it is not a mapping of keys to values')
  } catch (error) {
    throw new ConfigurationError(`The ${what} ${file} cannot be used: ${(error as Error).message}`)
  }
}
