/** What must be true while the world around the provider misbehaves: docs/faults.md, whose rows say which outcome each fault has. */
import type { Requirement } from './requirement.ts'

const rows: readonly (readonly [name: string, text: string])[] = [
  [
    'failure-is-told',
    'An operation that a device, its IPA, the eIM or the SM-DP+ lets fail ends as failed, with the code and the details that say why.',
  ],
  ['overcome', 'A disturbance that the platform overcomes does not show: the operation ends with success, done once.'],
  ['waits', 'An operation that cannot go on stays accepted without an event, and goes on when the fault is gone.'],
  ['truth-afterwards', 'Once a fault is over, the API shows each eSIM as the eUICC has it.'],
]

export const faults: readonly Requirement[] = rows.map(([name, text]) => ({
  id: `esim-management/faults/${name}`,
  text,
  source: { document: 'docs/faults.md', section: 'outcomes' },
  level: 'SHALL',
  dialects: ['esim-management@0.1'],
}))
