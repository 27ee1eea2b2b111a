import { decode } from '../../../protocol/ber/index.ts'
import { startBsp } from '../../../protocol/crypto/index.ts'
import { ReplaceSessionKeysRequest } from '../../../protocol/sgp22/index.ts'
import type { InstallContext } from './context.ts'
import { changedInstallation, type Installation } from './installation.ts'
import { type Refusal, refusal } from './outcome.ts'

const KEY_OCTETS = 16

/** ES8+.ReplaceSessionKeys: SGP.22 v2.5, 5.5.4. Throws DecodeError. */
export function replaceSessionKeys({ installation }: InstallContext, plaintext: Uint8Array): Installation | Refusal {
  const { initialMacChainingValue, ppkEnc, ppkCmac } = decode(ReplaceSessionKeysRequest, plaintext)
  const fit = [initialMacChainingValue, ppkEnc, ppkCmac].every(({ length }) => length === KEY_OCTETS)
  if (!fit) return refusal('keys-of-16-octets', 'incorrectInputValues')
  const bsp = startBsp({ initialMacChainingValue, sEnc: ppkEnc, sMac: ppkCmac })
  return changedInstallation(installation, { bsp })
}
