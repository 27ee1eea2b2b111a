/** Every command, in the order of the usage text. A command is loaded when it is asked for: all of them together take a second. */
import type { Command } from '../command.ts'

/** By the first word of their names. */
const families: Readonly<Record<string, () => Promise<readonly Command[]>>> = {
  up: async () => [(await import('./up.ts')).upCommand],
  provider: async () => [(await import('./provider.ts')).providerCommand],
  api: async () => [(await import('./api.ts')).apiCommand],
  fleet: async () => [
    (await import('./fleet.ts')).fleetCommand,
    (await import('./fleet-campaign.ts')).fleetCampaignCommand,
  ],
  conformance: async () => (await import('./conformance.ts')).conformanceCommands,
  card: async () => [(await import('./card.ts')).cardCommand],
  decode: async () => [(await import('./decode.ts')).decodeCommand],
  replay: async () => [(await import('./replay.ts')).replayCommand],
  pcap: async () => [(await import('./pcap.ts')).pcapCommand],
}

/** Those whose name begins with this word. */
export const commandsOf = async (word: string): Promise<readonly Command[]> =>
  Object.hasOwn(families, word) ? ((await families[word]?.()) ?? []) : []

export const allCommands = async (): Promise<readonly Command[]> =>
  (await Promise.all(Object.keys(families).map(commandsOf))).flat()
