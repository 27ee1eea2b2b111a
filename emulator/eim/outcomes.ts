/** EuiccResultData: SGP.32 v1.2, 2.11.2.1, as the northbound door tells it. */
import { toHex } from '../../protocol/ber/index.ts'
import type { RulesAuthorisationTable } from '../../protocol/sgp22/index.ts'
import type { EuiccResultData, ProfileInfo } from '../../protocol/sgp32/index.ts'
import type { AuthorisationRule, ListedProfile, OperationResult } from './model.ts'

export function outcomeOf(data: EuiccResultData): OperationResult {
  switch (data.kind) {
    case 'listProfileInfoResult':
      return data.value.kind === 'profileInfoListOk'
        ? { operation: 'listProfileInfo', result: 'ok', profiles: data.value.value.map(listed) }
        : { operation: 'listProfileInfo', result: data.value.value }
    case 'getRATResult':
      return { operation: 'getRAT', result: 'ok', rules: data.value.map(ruleOf) }
    case 'addEimResult':
      return data.value.kind === 'associationToken'
        ? { operation: 'addEim', result: 'ok', associationToken: data.value.value }
        : { operation: 'addEim', result: data.value.value }
    case 'listEimResult':
      return data.value.kind === 'eimIdList'
        ? { operation: 'listEim', result: 'ok', eims: data.value.value }
        : { operation: 'listEim', result: data.value.value }
    case 'setDefaultDpAddressResult':
      return { operation: 'setDefaultDpAddress', result: data.value.setDefaultDpAddressResult }
    case 'processingTerminated':
      return { operation: 'processingTerminated', result: data.value }
    default:
      return { operation: data.kind.replace(/Result$/, ''), result: data.value }
  }
}

function listed(info: ProfileInfo): ListedProfile {
  const { iccid, profileState, profileNickname, serviceProviderName, profileName, iconType, profileClass } = info
  return {
    ...(iccid !== undefined && { iccid }),
    ...(info.isdpAid && { isdpAid: toHex(info.isdpAid) }),
    ...(profileState !== undefined && { profileState }),
    ...(profileNickname !== undefined && { profileNickname }),
    ...(serviceProviderName !== undefined && { serviceProviderName }),
    ...(profileName !== undefined && { profileName }),
    ...(iconType !== undefined && { iconType }),
    ...(info.icon && { icon: toHex(info.icon) }),
    ...(profileClass !== undefined && { profileClass }),
    fallbackAttribute: info.fallbackAttribute,
    fallbackAllowed: info.fallbackAllowed ?? false,
  }
}

const ruleOf = ({ pprIds, allowedOperators, pprFlags }: RulesAuthorisationTable[number]): AuthorisationRule => ({
  pprIds,
  allowedOperators: allowedOperators.map(({ mccMnc, gid1, gid2 }) => ({
    mccMnc: toHex(mccMnc),
    ...(gid1 && { gid1: toHex(gid1) }),
    ...(gid2 && { gid2: toHex(gid2) }),
  })),
  consentRequired: pprFlags.includes('consentRequired'),
})
