/** The switch of profiles that a package orders, taken out of it to wait for REFRESH: SGP.32 v1.2, 3.3.1 step 8b. */
import { changedMemory, type EuiccState, profileWith, type Switch } from '../state.ts'
import { changedRun, type PackageRun } from './run.ts'

interface Parted {
  /** The package without the switch. */
  readonly run: PackageRun
  readonly change?: Omit<Switch, 'cause'>
}

/** Nothing waits by default, nor when the profile that was enabled is gone. */
export function partSwitch({ memory: before, product }: EuiccState, run: PackageRun): Parted {
  const { enabled: to } = run.memory
  const isGone = before.enabled !== undefined && profileWith(run.memory, before.enabled) === undefined
  if (product.policy.packageSwitch === 'atOnce' || before.enabled === to || isGone) return { run }
  return {
    run: changedRun(run, {
      memory: changedMemory(run.memory, { enabled: before.enabled, beforeTest: before.beforeTest }),
      events: run.events.filter(({ type }) => type !== 'profile-enabled' && type !== 'profile-disabled'),
      due: run.due.filter(({ event }) => event === 'notificationDelete'),
    }),
    change: to === undefined ? {} : { to },
  }
}
