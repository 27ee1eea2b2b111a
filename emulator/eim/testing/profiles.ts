/** Two profiles as the eUICC on paper lists them and as the northbound door shows them. */
import type { EuiccResultData } from '../../../protocol/sgp32/index.ts'

export const A = '8944058925001234561'
export const B = '8944058925001234579'
export const infoA = { iccid: A, profileState: 'enabled' } as const
export const infoB = { iccid: B, profileState: 'disabled', fallbackAllowed: true } as const
export const profileA = { iccid: A, state: 'enabled', fallbackAttribute: false, fallbackAllowed: false }
export const profileB = { iccid: B, state: 'disabled', fallbackAttribute: false, fallbackAllowed: true }

export const enabled: EuiccResultData = { kind: 'enableResult', value: 'ok' }
export const activationCode = '1$smdp.example.com$TOKEN'
