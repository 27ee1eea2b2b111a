/** A command of the command line as one row: its flags, what it says in the usage text, and what it does. */
import { parseArgs } from 'node:util'

export interface Flag {
  /** Shown in the usage text; absent: the flag takes no value. */
  readonly value?: string
  readonly summary: string
  readonly multiple?: boolean
  /** One letter that stands for it. */
  readonly short?: string
}

export interface Arguments {
  readonly flags: Readonly<Record<string, string | boolean | readonly (string | boolean)[] | undefined>>
  readonly positionals: readonly string[]
}

export interface Command {
  readonly name: string
  readonly summary: string
  /** Positional arguments in the usage text. */
  readonly operands?: string
  readonly flags: Readonly<Record<string, Flag>>
  /** Resolves to the exit code. */
  run(args: Arguments): Promise<number>
}

/** A call that cannot be understood, with a sentence that names what. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** Throws UsageError for an unknown flag, a missing value or an operand where none is expected. */
export function parseFlags(command: Pick<Command, 'name' | 'flags' | 'operands'>, argv: readonly string[]): Arguments {
  const options = Object.fromEntries(
    Object.entries(command.flags).map(([name, { value, short, multiple = false }]) => [
      name,
      {
        type: value === undefined ? ('boolean' as const) : ('string' as const),
        multiple,
        ...(short !== undefined && { short }),
      },
    ]),
  )
  try {
    const { values, positionals } = parseArgs({
      args: [...argv],
      options,
      allowPositionals: command.operands !== undefined,
    })
    return { flags: values, positionals }
  } catch (error) {
    const [sentence] = (error as Error).message.split('. ')
    throw new UsageError(`${command.name}: ${sentence}.`)
  }
}

/** The text of a flag, or undefined when it was not given. */
export function textOf({ flags }: Arguments, name: string): string | undefined {
  const value = flags[name]
  return typeof value === 'string' ? value : undefined
}

/** The number of a flag. Throws UsageError when it is none. */
export function numberOf(args: Arguments, name: string): number | undefined {
  const text = textOf(args, name)
  if (text === undefined) return undefined
  const value = Number(text)
  if (text.trim() === '' || !Number.isFinite(value)) throw new UsageError(`--${name} takes a number, not ${text}.`)
  return value
}

export function usage({ name, summary, operands, flags }: Command): string {
  const rows = Object.entries(flags).map(
    ([flag, row]) =>
      [`${row.short ? `-${row.short}, ` : ''}--${flag}${row.value ? ` ${row.value}` : ''}`, row.summary] as const,
  )
  const width = Math.max(0, ...rows.map(([left]) => left.length)) + 2
  const lines = rows.map(([left, right]) => `  ${left.padEnd(width)}${right}`)
  return [`esim-testbed ${name}${operands ? ` ${operands}` : ''}`, `  ${summary}`, ...lines].join('\n')
}
