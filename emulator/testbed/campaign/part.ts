/** One part of a campaign: devices whose number modulo `of` is `index`. */
import { sign } from '../../../protocol/crypto/index.ts'
import { profilesOf } from '../../euicc/index.ts'
import { createFactory } from '../factory.ts'
import { eidOf } from '../owners.ts'
import { type Counts, createHistogram } from './histogram.ts'
import { type CampaignWorldOptions, createCampaignWorld, type Step, steps, type TellStep } from './world.ts'

export interface PartOptions extends WorldOptions {
  readonly devices: number
  readonly index: number
  readonly of: number
}

interface WorldOptions extends Pick<CampaignWorldOptions, 'template'> {
  readonly seed: string
  /** Milliseconds since the Unix epoch: all threads make the same certificates. */
  readonly now: number
}

/** Since the message before. */
export interface Progress {
  readonly done: number
  readonly failures: readonly string[]
  readonly durations: Readonly<Record<Step, Counts>>
}

/** Milliseconds between two messages. */
const RHYTHM = 200

/** Takes the device with that number, from 1, through all steps. Rejects when its card does not show it. */
export async function openCampaign({ seed, now, template }: WorldOptions, tell: TellStep) {
  const factory = await createFactory({ seed, now, name: 'smdp.test', signer: sign })
  const world = createCampaignWorld({ factory, template })
  return async (number: number): Promise<void> => {
    const made = factory.card(eidOf('acme', number))
    const [profile] = profilesOf(await world.device(made, tell))
    if (profile?.state !== 'enabled' || !profile.fallbackAttribute)
      throw new Error(`${made.eid}: the card shows it not`)
  }
}

export async function runPart(options: PartOptions, tell: (progress: Progress) => void): Promise<void> {
  const { devices, index, of } = options
  let report = createReport()
  const throughAllSteps = await openCampaign(options, (step, duration) => report.durations[step].record(duration))
  let next = performance.now() + RHYTHM
  for (let number = index; number < devices; number += of) {
    try {
      await throughAllSteps(number + 1)
    } catch (error) {
      report.failures.push((error as Error).message)
    }
    report.done += 1
    if (performance.now() < next) continue
    tell(report.progress())
    report = createReport()
    next = performance.now() + RHYTHM
  }
  tell(report.progress())
}

function createReport() {
  const histograms = steps.map((step) => [step, createHistogram()] as const)
  return {
    done: 0,
    failures: [] as string[],
    durations: Object.fromEntries(histograms) as Record<Step, ReturnType<typeof createHistogram>>,
    progress(): Progress {
      const durations = Object.fromEntries(histograms.map(([step, { counts }]) => [step, counts]))
      return { done: this.done, failures: this.failures, durations: durations as Progress['durations'] }
    },
  }
}
