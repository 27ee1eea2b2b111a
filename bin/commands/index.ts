/** Every command, in the order of the usage text. */
import type { Command } from '../command.ts'
import { apiCommand } from './api.ts'
import { cardCommand } from './card.ts'
import { conformanceCommands } from './conformance.ts'
import { decodeCommand } from './decode.ts'
import { fleetCommand } from './fleet.ts'
import { fleetCampaignCommand } from './fleet-campaign.ts'
import { pcapCommand } from './pcap.ts'
import { providerCommand } from './provider.ts'
import { replayCommand } from './replay.ts'
import { upCommand } from './up.ts'

export const commands: readonly Command[] = [
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
