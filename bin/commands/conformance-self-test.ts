import { readFile } from 'node:fs/promises'
import { parse } from 'yaml'
import { type Catch, type CorrectProvider, completeIcs, readIcs, selfTest } from '../../conformance/index.ts'
import { type Arguments, type Command, textOf } from '../command.ts'
import { authorizationOf, targetFlags, wholeOf } from './conformance-run.ts'

export const selfTestCommand: Command = {
  name: 'conformance self-test',
  summary:
    'Runs every wrong provider of the catalogue; exit code 0 only if each is caught by a check of the rule it breaks.',
  flags: {
    ...targetFlags,
    target: {
      value: 'APIROOT',
      summary: 'a provider that is known to be right; without one, a small one of the runner',
    },
    reference: {
      summary: 'the reference provider on the whole stack: all dialects, every reading, at its edge and at its port',
    },
    mutant: { value: 'TEXT', summary: 'only mutants with this in their name' },
    parallel: { value: 'N', summary: 'mutants at the same time' },
  },
  async run(args) {
    const { catches, blamed } = args.flags['reference'] === true ? await overReference(args) : await overOne(args)
    const caught = catches.filter((result) => result.caught).length
    for (const name of blamed) process.stdout.write(`BLAMED  a provider that is right: ${name}\n`)
    process.stdout.write(`caught ${caught} of ${catches.length}\n`)
    return caught === catches.length && catches.length > 0 && blamed.length === 0 ? 0 : 1
  },
}

const tell = ({ mutant, caught, by }: Catch): void =>
  void process.stdout.write(
    `${caught ? 'caught ' : 'ESCAPED'} ${mutant.id}: ${mutant.summary}\n        ${by.join('\n        ')}\n`,
  )

async function overOne(args: Arguments) {
  const target = textOf(args, 'target')
  const [parallel, only] = [wholeOf(args, 'parallel'), textOf(args, 'mutant')]
  return selfTest({
    ...(target === undefined ? {} : { over: await rightProvider(args, target) }),
    ...(parallel === undefined ? {} : { parallel }),
    ...(only === undefined ? {} : { only }),
    onCatch: tell,
  })
}

/** One that was caught in one dialect and escaped in another has escaped. */
async function overReference(args: Arguments) {
  const { selfTestReference } = await import('../reference.ts') // the whole stack, which no other command of conformance needs
  return { catches: await selfTestReference(tell, textOf(args, 'mutant')), blamed: [] }
}

async function rightProvider(args: Arguments, target: string): Promise<CorrectProvider> {
  const [auth, ics, dialect] = [textOf(args, 'auth'), textOf(args, 'ics'), textOf(args, 'dialect')]
  return {
    target,
    testbed: textOf(args, 'testbed') ?? 'http://127.0.0.1:8080',
    authorization: auth === undefined ? authorizationOf(args) : parse(await readFile(auth, 'utf8')),
    ics:
      ics === undefined ? completeIcs(dialect === undefined ? {} : { dialect }) : readIcs(await readFile(ics, 'utf8')),
  }
}
