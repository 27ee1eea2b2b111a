/** Unprotected profile packages from templates: TCA eUICC Profile Package 3.3.1. */
import { concatOctets, encode } from '../../../protocol/ber/index.ts'
import { ProfileElement } from '../../../protocol/saip/index.ts'
import * as applications from './applications.ts'
import * as elements from './elements.ts'
import type { ProfileParameters } from './parameters.ts'

interface TemplateRow {
  readonly elements: readonly elements.ElementRow[]
  /** What the eUICC must be able to do: names of UICCCapability. */
  readonly needs: readonly ('usimSupport' | 'isimSupport' | 'akaMilenage')[]
}

const plainIDs = ['2.23.143.1.2.1', '2.23.143.1.2.4', '2.23.143.1.2.5']
const richIDs = [...plainIDs, '2.23.143.1.2.3', '2.23.143.1.2.6', '2.23.143.1.2.7', '2.23.143.1.2.8']

/** USIM and ISIM, phonebook, roaming list, remote file management. */
const rich = [
  elements.mf('USIM and ISIM'),
  elements.pukCodes,
  elements.globalPins,
  applications.telecom,
  applications.usim('rich'),
  elements.applicationPins,
  applications.akaParameter,
  applications.richOptUsim,
  applications.gsmAccess,
  applications.phonebook,
  applications.isim,
  applications.isimAka,
  elements.securityDomain,
  elements.rfm('UICC'),
  elements.rfm('USIM'),
]
const richServices = { usim: true, isim: true, milenage: true } as const

/** Identifications are the places in the list. */
export const templates = {
  /** A USIM and nothing else: about 1 kB. */
  minimal: {
    elements: [
      elements.header('Minimal', { usim: true, milenage: true }, plainIDs),
      elements.mf('USIM'),
      elements.pukCodes,
      elements.globalPins,
      applications.usim('plain'),
      elements.applicationPins,
      applications.akaParameter,
      applications.ownerOptUsim,
      elements.securityDomain,
      elements.end,
    ],
    needs: ['usimSupport', 'akaMilenage'],
  },
  /** What an operator puts on its cards: about 12 kB. */
  typical: {
    elements: [elements.header('Typical', richServices, richIDs), ...rich, elements.end],
    needs: ['usimSupport', 'isimSupport', 'akaMilenage'],
  },
  /** The same with files of the operator's own, below the MF: about 64 kB. */
  large: {
    elements: [
      elements.header('Large', richServices, richIDs),
      ...rich,
      ...Array.from({ length: 8 }, (_, number) => elements.ownFile(number, 6500)),
      elements.end,
    ],
    needs: ['usimSupport', 'isimSupport', 'akaMilenage'],
  },
} as const satisfies Record<string, TemplateRow>
export type TemplateName = keyof typeof templates

/** What does not depend on the parameters, encoded when it is first needed. */
const encoded: Record<TemplateName, (Uint8Array | undefined)[]> = { minimal: [], typical: [], large: [] }

export function buildProfilePackage(template: TemplateName, parameters: ProfileParameters): Uint8Array {
  const rows: readonly elements.ElementRow[] = templates[template].elements
  const known = encoded[template]
  return concatOctets(
    ...rows.map((row, identification) => {
      const octets =
        known[identification] ?? encode(ProfileElement, row.make({ mandated: true, identification }, parameters))
      if (row.fixed) known[identification] = octets
      return octets
    }),
  )
}

const lengths: Partial<Record<TemplateName, number>> = {}

/** Octets of a package of this template, give or take the files of the profile's owner. */
export function packageLength(template: TemplateName): number {
  lengths[template] ??= buildProfilePackage(template, sample).length
  return lengths[template]
}

const sample: ProfileParameters = {
  iccid: '89000000000000000000',
  imsi: '001010000000000',
  mncLength: 2,
  k: new Uint8Array(16),
  opc: new Uint8Array(16),
  serviceProviderName: '',
}
