/** The catalogue: every fault by its name. docs/faults.md is this table as text. */
import type { Fault } from './fault.ts'
import { cardFaults } from './rows/card.ts'
import { eimFaults } from './rows/eim.ts'
import { ipaFaults } from './rows/ipa.ts'
import { networkFaults } from './rows/network.ts'
import { smdpFaults } from './rows/smdp.ts'

const catalogue = { ...cardFaults, ...ipaFaults, ...eimFaults, ...smdpFaults, ...networkFaults }

export type FaultName = keyof typeof catalogue

export const faults: Readonly<Record<FaultName, Fault>> = catalogue

export const faultNames = Object.keys(catalogue) as readonly FaultName[]
