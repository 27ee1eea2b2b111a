import { availableParallelism } from 'node:os'
import { type CampaignSummary, drawHistogram, profileTemplates, runCampaign } from '../../emulator/testbed/index.ts'
import { type Arguments, type Command, numberOf, textOf, UsageError } from '../command.ts'

export const fleetCampaignCommand: Command = {
  name: 'fleet campaign',
  summary:
    'A profile downloaded, enabled and made the fallback on every device, on all cores, with eIM and SM-DP+ in the process. Exit code 0: on all; 1: not.',
  flags: {
    devices: { value: 'N', summary: 'default 1000' },
    threads: { value: 'N', summary: 'default: one for each core; 0: none beside the main one' },
    template: { value: 'NAME', summary: `profile: ${profileTemplates.join(' or ')}; default minimal` },
    seed: { value: 'TEXT', summary: 'keys and EIDs are derived from it' },
    json: { summary: 'rates and latencies as JSON on standard output' },
  },
  async run(args) {
    const isTerminal = process.stderr.isTTY === true
    const summary = await runCampaign({
      ...optionsOf(args),
      onProgress: (now) => isTerminal && process.stderr.write(`\r${bar(now)}`),
    })
    process.stderr.write(`${isTerminal ? '\r' : ''}${bar(summary)}\n`)
    process.stdout.write(args.flags['json'] === true ? `${JSON.stringify(summary)}\n` : report(summary))
    return summary.failed > 0 ? 1 : 0
  },
}

function optionsOf(args: Arguments) {
  const devices = wholeNumber(args, 'devices', 1) ?? 1000
  const threads = wholeNumber(args, 'threads', 0) ?? availableParallelism()
  const wanted = textOf(args, 'template') ?? 'minimal'
  const template = profileTemplates.find((name) => name === wanted)
  if (!template)
    throw new UsageError(`fleet campaign: --template takes ${profileTemplates.join(' or ')}, not ${wanted}.`)
  return { devices, threads, template, seed: textOf(args, 'seed') ?? 'esim-testbed', now: Date.now() }
}

function wholeNumber(args: Arguments, name: string, least: number): number | undefined {
  const number = numberOf(args, name)
  if (number !== undefined && (!Number.isInteger(number) || number < least))
    throw new UsageError(`fleet campaign: --${name} takes a whole number from ${least}, not ${number}.`)
  return number
}

const WIDTH = 30

function bar({ devices, done, failed, seconds, ...rates }: CampaignSummary): string {
  const filled = Math.floor((WIDTH * done) / devices)
  const text = `[${'#'.repeat(filled).padEnd(WIDTH, '.')}] ${done} of ${devices} devices, ${rates.devicesPerSecond.toFixed(0)} a second`
  return `${text}, ${seconds.toFixed(1)} s, ${rates.cpuMillisecondsPerDevice.toFixed(1)} ms of CPU each${failed > 0 ? `, ${failed} FAILED` : ''} `
}

function report({ durations, failures }: CampaignSummary): string {
  const blocks = Object.entries(durations).flatMap(([step, summary]) => {
    const figures = (['p50', 'p90', 'p99', 'max'] as const).map((name) => `${name} ${summary[name].toFixed(1)} ms`)
    return [`${step}: ${figures.join(', ')}`, ...drawHistogram(summary), '']
  })
  return `${[...blocks, ...failures].join('\n')}\n`
}
