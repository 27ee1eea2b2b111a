/** The command line that repeats a part of a run. Secrets are not for reports: their places are shown as variables of the shell. */
import type { ConformanceOptions } from './options.ts'

export function rerunCommand(options: ConformanceOptions, { tags, seed }: { tags: string; seed: number }): string {
  const { target, dialect, testbed, assets, authorization, ics } = options
  const auth =
    typeof authorization === 'string'
      ? `--auth ${authorization}`
      : `--issuer ${authorization.issuer} --client-id ${authorization.client.id} --client-secret "$CLIENT_SECRET"` +
        ` --other-client-id ${authorization.otherClient.id} --other-client-secret "$OTHER_CLIENT_SECRET"`
  const statement = typeof ics === 'string' ? ` --ics ${ics}` : ''
  const devices = assets === undefined ? `--testbed ${testbed}` : `--assets ${assets}`
  const world = `--target ${target} --dialect ${dialect} ${devices} ${auth}${statement}`
  return `npx esim-testbed conformance run ${world} --seed ${seed} --tags '${tags}'`
}
