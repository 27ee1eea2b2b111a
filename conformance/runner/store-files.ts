/** Files that a run reads and writes. */
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse } from 'yaml'
import type { AuthorizationOptions } from '../authorization/client-http.ts'

export const readText = (path: string): Promise<string> => readFile(path, 'utf8')

/** YAML or JSON, with the members of AuthorizationOptions. */
export async function readAuthorization(path: string): Promise<AuthorizationOptions> {
  const options = parse(await readText(path)) as Partial<AuthorizationOptions> | null
  const { issuer, client, otherClient } = options ?? {}
  const missing = Object.entries({ issuer, client, otherClient }).filter(([, value]) => value === undefined)
  if (missing.length > 0) throw new Error(`${path} lacks ${missing.map(([name]) => name).join(', ')}`)
  return options as AuthorizationOptions
}

export async function writeReports(
  folder: string,
  files: Readonly<Record<string, string>>,
): Promise<readonly string[]> {
  await mkdir(folder, { recursive: true })
  await Promise.all(Object.entries(files).map(([name, text]) => writeFile(join(folder, name), text)))
  return Object.keys(files).map((name) => join(folder, name))
}
