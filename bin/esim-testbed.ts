#!/usr/bin/env node
import { type Command, usage } from './command.ts'
import { apiCommand } from './commands/api.ts'
import { cardCommand } from './commands/card.ts'
import { conformanceCommands } from './commands/conformance.ts'
import { decodeCommand } from './commands/decode.ts'
import { fleetCommand } from './commands/fleet.ts'
import { fleetCampaignCommand } from './commands/fleet-campaign.ts'
import { pcapCommand } from './commands/pcap.ts'
import { providerCommand } from './commands/provider.ts'
import { replayCommand } from './commands/replay.ts'
import { upCommand } from './commands/up.ts'
import { NOT_ASKED, runCommand } from './run.ts'

const commands: readonly Command[] = [
  upCommand,
  providerCommand,
  apiCommand,
  fleetCommand,
  fleetCampaignCommand,
  ...conformanceCommands,
  cardCommand,
  decodeCommand,
  replayCommand,
  pcapCommand,
]

/** A name of two words goes before one of one. */
async function main([name, ...argv]: readonly string[]): Promise<number> {
  const longer = commands.find((row) => row.name === `${name} ${argv[0]}`)
  if (longer) return runCommand(longer, argv.slice(1))
  const command = commands.find((row) => row.name === name)
  if (!command) {
    const text = `${commands.map(usage).join('\n\n')}\n`
    const asked = name === undefined || name === '--help' || name === 'help'
    process[asked ? 'stdout' : 'stderr'].write(asked ? text : `esim-testbed: no command is called ${name}.\n\n${text}`)
    return asked ? 0 : NOT_ASKED
  }
  return runCommand(command, argv)
}

process.exitCode = await main(process.argv.slice(2))
