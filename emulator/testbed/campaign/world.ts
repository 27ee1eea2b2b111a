/** An eIM and an SM-DP+ for the devices of one thread, without sockets between them: what is left is their work and the cryptography. */
import { toPem } from '../../../certs/index.ts'
import { createEim } from '../../eim/index.ts'
import { createCard, type EuiccState, systemEntropy } from '../../euicc/index.ts'
import { createIpa, type Ipa } from '../../ipa/index.ts'
import type { Clock, HttpClient, HttpHandler } from '../../ports/index.ts'
import { createSmdp, type ProfileRequest } from '../../smdp/index.ts'
import { systemRandom, systemTime } from '../clock-system.ts'
import { associate } from '../device/provisioning.ts'
import { createEimNorthbound, type EimNorthbound, failureOf } from '../eim-northbound.ts'
import type { Factory } from '../factory.ts'

/** Profiles that differ in size. */
export const profileTemplates = ['minimal', 'typical'] as const satisfies readonly ProfileRequest['template'][]

/** What is done to every device, in this order. */
export const steps = ['onboard', 'download', 'enable and set fallback'] as const
export type Step = (typeof steps)[number]

/** How long a step of a device took, in microseconds. */
export type TellStep = (step: Step, duration: number) => void

export interface CampaignWorld {
  /** A device through all steps. Rejects when one did not succeed. */
  device(made: EuiccState, tell: TellStep): Promise<EuiccState>
  readonly http: HttpClient
  readonly eim: EimNorthbound
}

export interface CampaignWorldOptions {
  readonly factory: Factory
  readonly template: (typeof profileTemplates)[number]
  readonly clock?: Clock
}

export function createCampaignWorld({ factory, template, clock = systemTime }: CampaignWorldOptions): CampaignWorld {
  const hosts = new Map<string, HttpHandler>()
  const http: HttpClient = async (url, message) => {
    const [, host = '', path = ''] = /^https:\/\/([^/]*)(.*)$/.exec(url) ?? []
    const handle = hosts.get(host)
    if (!handle) throw new Error(`${url} is not there`)
    return handle({ ...message, path })
  }
  const { eim: server, smdp } = createServers({ factory, clock, http })
  hosts.set('eim.test', server.handleEsipa).set('smdp.test', smdp.handle)
  const eim = createEimNorthbound(server.handleNorthbound)
  const execute = async (eid: string, ipa: Ipa, order: unknown) => {
    const packageId = await eim.queue(eid, order)
    await ipa.poll()
    const failure = failureOf(await eim.package(packageId))
    if (failure !== undefined) throw new Error(`${eid}: ${JSON.stringify(order)} did not succeed: ${failure}`)
  }
  return {
    http,
    eim,
    async device(made, tell) {
      const { eid } = made
      const card = createCard({ state: made, entropy: systemEntropy })
      const ipa = createIpa({ card, http, delay: systemTime.delay, random: systemRandom })
      let start = performance.now()
      const took = (step: Step) => {
        const end = performance.now()
        tell(step, (end - start) * 1000)
        start = end
      }
      await associate({ eid, ipa }, eim, factory.certificates(eid))
      took('onboard')
      const { iccid, activationCode } = smdp.orders.create({ profile: { template, fallbackAllowed: true } })
      await execute(eid, ipa, { download: { activationCode } })
      took('download')
      await execute(eid, ipa, { psmo: [{ enable: { iccid } }, { setFallbackAttribute: { iccid } }] })
      took('enable and set fallback')
      await card.reset()
      return card.state
    },
  }
}

interface Network {
  readonly factory: Factory
  readonly clock: Clock
  readonly http: HttpClient
}

function createServers({ factory: { pki }, clock, http }: Network) {
  const common = { clock, random: systemRandom }
  const smdp = createSmdp({ ...common, identities: [pki.nist], address: 'smdp.test', clock })
  const eim = createEim({
    ...common,
    eimId: 'eim.test',
    fqdn: 'eim.test',
    signing: pki.nist.eimSigning,
    tls: { ...toPem(pki.nist.eimTls), trusted: pki.nist.ci.certificate },
    trustedCis: [pki.nist.ci.certificate, pki.brainpool.ci.certificate],
    es9plus: http,
  })
  return { smdp, eim }
}
