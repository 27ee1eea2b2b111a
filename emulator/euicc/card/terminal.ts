/** What a terminal tells the card and asks of it, beside files and functions. */
import { decode, encode, octetString, sequence } from '../../../protocol/ber/index.ts'
import { EidValue } from '../../../protocol/sgp22/index.ts'
import { withVolatile } from '../state.ts'
import { pinOn } from './codes.ts'
import { encodeFcp } from './fcp.ts'
import { type Instruction, reply } from './instruction.ts'
import { fileSystemOf } from './select.ts'

const TerminalCapability = sequence(0xa9, {})

/** TERMINAL CAPABILITY: ETSI TS 102 221, 11.1.19. Kept for the card session. */
export const terminalCapability: Instruction = {
  name: 'TERMINAL CAPABILITY',
  classes: 'proprietary',
  run({ state }, { p1, p2, data }) {
    if (p1 !== 0 || p2 !== 0) return reply(state, 'incorrectParameters')
    decode(TerminalCapability, data, { rules: 'BER' })
    return reply(withVolatile(state, { terminalCapability: data.slice() }), 'ok')
  },
}

/** TERMINAL PROFILE: ETSI TS 102 221, 11.2.1. Accepted and not looked at: lists of terminals without a toolkit are as good. */
export const terminalProfile: Instruction = {
  name: 'TERMINAL PROFILE',
  classes: 'proprietary',
  run: ({ state }) => reply(state, 'ok'),
}

const DfName = octetString(0x84)

/** STATUS: ETSI TS 102 221, 11.1.2. P2 00: FCP of the current directory, 01: name of the current application, 0C: nothing. */
export const status: Instruction = {
  name: 'STATUS',
  classes: 'proprietary',
  run({ state, channel }, { p1, p2 }) {
    if (p1 > 0x02) return reply(state, 'incorrectParameters')
    const files = fileSystemOf(state)
    const directory = files[channel.directory]
    const application = channel.application === undefined ? undefined : files[channel.application]
    if (p2 === 0x00 && directory)
      return reply(
        state,
        'ok',
        encodeFcp(directory, (reference) => pinOn(state, channel, reference)?.isEnabled ?? false),
      )
    if (p2 === 0x01 && application?.kind === 'directory' && application.aid)
      return reply(state, 'ok', encode(DfName, application.aid))
    return reply(state, p2 === 0x01 || p2 === 0x0c ? 'ok' : 'incorrectParameters')
  },
}

/** GET DATA: GlobalPlatform Card Specification 2.3, 11.3; SGP.02 v4.2, 2.2.2. The EID, from the ECASD. */
export const getData: Instruction = {
  name: 'GET DATA',
  classes: 'both',
  run({ state, channel }, { p1, p2 }) {
    const isEid = p1 === 0x00 && p2 === EidValue.tag
    if (channel.domain !== 'ECASD' || !isEid) return reply(state, 'referencedDataNotFound')
    return reply(state, 'ok', encode(EidValue, state.eid))
  },
}
