import { type Command, parseFlags, UsageError, usage } from './command.ts'
import { ConfigurationError } from './mapping.ts'

/** Exit code of a call that was not understood, and of a conformance run that could not ask. */
export const NOT_ASKED = 2

/** Runs a command with its arguments; a call that was not understood is one sentence on standard error. */
export async function runCommand(command: Command, argv: readonly string[]): Promise<number> {
  if (argv.includes('--help')) {
    process.stdout.write(`${usage(command)}\n`)
    return 0
  }
  try {
    return await command.run(parseFlags(command, argv))
  } catch (error) {
    const reason = reasonOf(error)
    if (reason === undefined) throw error
    process.stderr.write(`${reason}\n`)
    return NOT_ASKED
  }
}

/** The sentence for an error that is the caller's to mend. */
function reasonOf(error: unknown): string | undefined {
  if (error instanceof UsageError || error instanceof ConfigurationError) return error.message
  const { code, address, port } = error as NodeJS.ErrnoException & { address?: string; port?: number }
  if (error instanceof Error && error.name === 'DatabaseUnavailable')
    return `The database does not answer: ${error.message}.`
  return code === 'EADDRINUSE' ? `Something else listens on ${address}:${port} already.` : undefined
}
