/**
 * Order and number of profile elements: TCA eUICC Profile Package 3.3.1, 8.1.2 and 8.2. Read with each element as it comes, so an eUICC stops at
 * the first one that is wrong. Unverified: the status that an eUICC gives for each row.
 */
import { type ElementOf, elementHeader, type ProfileElement } from './elements.ts'
import type { PEStatus } from './response.ts'

type Kind = ProfileElement['kind']

export interface ProfileRule {
  readonly id: string
  /** `before`: the elements that came earlier. */
  readonly holds: (before: readonly ProfileElement[], next: ProfileElement) => boolean
  readonly status: PEStatus['status']
}

function has(elements: readonly ProfileElement[], kind: Kind): boolean {
  for (const element of elements) if (element.kind === kind) return true
  return false
}

const single: ReadonlySet<Kind> = new Set([
  'cd',
  'telecom',
  'usim',
  'isim',
  'csim',
  'opt-usim',
  'opt-isim',
  'opt-csim',
  'df-5gs',
  'df-saip',
])

const needs: Partial<Record<Kind, Kind>> = {
  'opt-usim': 'usim',
  phonebook: 'usim',
  'gsm-access': 'usim',
  'df-5gs': 'usim',
  'df-saip': 'usim',
  'opt-isim': 'isim',
  'opt-csim': 'csim',
}

type Service = keyof ElementOf<'header'>['eUICC-Mandatory-services']

/** What a mandatory service asks of the rest of the profile. */
const serviceRows: Partial<
  Record<Service, (elements: readonly ProfileElement[], services: readonly Service[]) => boolean>
> = {
  usim: (elements) => has(elements, 'usim') || has(elements, 'iot'),
  isim: (elements) => has(elements, 'isim'),
  csim: (elements) => has(elements, 'csim'),
  cave: (elements) => has(elements, 'cdmaParameter'),
  milenage: (elements) => hasAlgorithm(elements, 'milenage', 16),
  tuak128: (elements) => hasAlgorithm(elements, 'tuak', 16),
  tuak256: (elements) => hasAlgorithm(elements, 'tuak', 32),
  'usim-test-algorithm': (elements) => hasAlgorithm(elements, 'usim-test-algorithm', 16),
  'gba-usim': (_, services) => services.includes('usim'),
  'gba-isim': (_, services) => services.includes('isim'),
  'multiple-usim': (_, services) => services.includes('usim'),
  'multiple-isim': (_, services) => services.includes('isim'),
  'multiple-csim': (_, services) => services.includes('csim'),
}

function hasAlgorithm(elements: readonly ProfileElement[], algorithm: string, keyLength: number): boolean {
  return elements.some((element) => {
    if (element.kind !== 'akaParameter' || element.value.algoConfiguration.kind !== 'algoParameter') return false
    const { algorithmID, key } = element.value.algoConfiguration.value
    return algorithmID === algorithm && key.length === keyLength
  })
}

function servicesHold(elements: readonly ProfileElement[]): boolean {
  const first = elements[0]
  if (first?.kind !== 'header') return false
  const services = Object.keys(first.value['eUICC-Mandatory-services']) as Service[]
  return services.every((service) => serviceRows[service]?.(elements, services) ?? true)
}

export const profileRules: readonly ProfileRule[] = [
  {
    id: 'header-first-and-once',
    holds: (before, next) => (before.length === 0) === (next.kind === 'header'),
    status: 'invalid-request-format',
  },
  {
    id: 'mf-second',
    holds: (before, next) =>
      before.length === 1 ? ['mf', 'iot', 'genericFileManagement'].includes(next.kind) : next.kind !== 'mf',
    status: 'invalid-request-format',
  },
  { id: 'nothing-after-end', holds: (before) => !has(before, 'end'), status: 'invalid-request-format' },
  {
    id: 'at-most-once',
    holds: (before, next) => !single.has(next.kind) || !has(before, next.kind),
    status: 'invalid-parameter',
  },
  {
    id: 'after-its-application',
    holds: (before, next) => {
      const application = needs[next.kind]
      return application === undefined || has(before, application)
    },
    status: 'invalid-parameter',
  },
  {
    id: 'identification-unique',
    holds: (before, next) => {
      const identification = elementHeader(next)?.identification
      if (identification === undefined) return true
      for (const element of before) if (elementHeader(element)?.identification === identification) return false
      return true
    },
    status: 'invalid-parameter',
  },
  {
    id: 'mandatory-services-present',
    holds: (before, next) => next.kind !== 'end' || servicesHold(before),
    status: 'feature-not-supported',
  },
]

/** The first rule that `next` breaks. */
export const brokenRule = (before: readonly ProfileElement[], next: ProfileElement): ProfileRule | undefined =>
  profileRules.find((rule) => !rule.holds(before, next))
