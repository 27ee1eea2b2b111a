import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { fromHex } from '../../protocol/ber/index.ts'
import { hasValidLuhnDigit, isIccid, parseActivationCode } from '../../protocol/identifiers/index.ts'
import type { OrderRequest } from './index.ts'
import { createOrderBook } from './order-book.ts'
import { ADDRESS, createWorld, EID } from './testing/world.ts'

const orders = () => createWorld().smdp.orders

describe('an order', () => {
  it('makes up what it is not told, and the same each time from the same chance', () => {
    const order = orders().create()
    expect(orders().create()).toEqual(order)
    expect(isIccid(order.iccid) && hasValidLuhnDigit(order.iccid)).toBe(true)
    expect(order).toMatchObject({ state: 'released', notifications: {} })
    expect(parseActivationCode(order.activationCode)).toEqual({ smdpAddress: ADDRESS, matchingId: order.matchingId })
    expect(order.matchingId).toMatch(/^([0-9A-Z]{5}-){3}[0-9A-Z]{5}$/)
  })

  it('keeps what it is told', () => {
    const request: OrderRequest = {
      profile: {
        iccid: '8988201234567890123',
        imsi: '310410123456789',
        mncLength: 3,
        serviceProviderName: 'SPN',
        profileName: 'Name',
        profileClass: 'provisioning',
        profilePolicyRules: ['ppr1', 'ppr2'],
        fallbackAllowed: false,
        gid1: fromHex('01'),
        gid2: fromHex('02'),
        notificationConfigurationInfo: [],
      },
      matchingId: 'A-1',
      eid: EID,
    }
    const { metadata, ...order } = orders().create(request)
    expect(order).toMatchObject({ iccid: '8988201234567890123', matchingId: 'A-1', eid: EID })
    expect(metadata).toEqual({
      iccid: '8988201234567890123',
      serviceProviderName: 'SPN',
      profileName: 'Name',
      profileClass: 'provisioning',
      notificationConfigurationInfo: [],
      profileOwner: { mccMnc: fromHex('130014'), gid1: fromHex('01'), gid2: fromHex('02') },
      profilePolicyRules: ['ppr1', 'ppr2'],
      fallbackAllowed: false,
    })
  })

  it.each<[string, OrderRequest, string]>([
    ['an unknown template', { profile: { template: 'x' as never } }, 'template'],
    ['an ICCID of 18 digits', { profile: { iccid: '894405892500123456' } }, 'iccid'],
    ['an IMSI of 14 digits', { profile: { imsi: '00101012345678' } }, 'imsi'],
    ['an MNC of four digits', { profile: { mncLength: 4 as never } }, 'mncLength'],
    ['a key of 15 octets', { profile: { k: new Uint8Array(15) } }, 'k'],
    ['an OPc of 17 octets', { profile: { opc: new Uint8Array(17) } }, 'opc'],
    ['a name of 33 characters', { profile: { serviceProviderName: 'x'.repeat(33) } }, 'serviceProviderName'],
    ['a profile name of 65 characters', { profile: { profileName: 'x'.repeat(65) } }, 'profileName'],
    ['a large icon', { profile: { icon: { type: 'jpg', octets: new Uint8Array(1025) } } }, 'icon'],
    ['an EID of 31 digits', { eid: EID.slice(1) }, 'eid'],
    ['an empty matchingId', { matchingId: '' }, 'matchingId'],
    ['a matchingId in lower case', { matchingId: 'token' }, 'matchingId'],
  ])('with %s is not taken', (_, request, field) => {
    const book = orders()
    expect(() => book.create(request)).toThrow(new RegExp(`^${field} of an order`))
    expect(book.list()).toEqual([])
  })

  it('cannot take the ICCID or the matchingId of another', () => {
    const book = orders()
    const { iccid, matchingId } = book.create()
    expect(() => book.create({ profile: { iccid } })).toThrow('ordered already')
    expect(() => book.create({ matchingId })).toThrow('in use')
    expect(book.list()).toHaveLength(1)
  })

  it('is found by its ICCID, and cancelled once', () => {
    const book = orders()
    const { iccid } = book.create()
    expect(book.get(iccid)).toEqual(book.list()[0])
    expect([book.cancel(iccid), book.cancel(iccid), book.cancel('x'), book.get('x')]).toEqual([
      true,
      false,
      false,
      undefined,
    ])
    expect(book.get(iccid)?.state).toBe('unavailable')
  })
})

it('forgets the oldest of the orders that are over, as many as wanted, and none of which anything can come', () => {
  const book = createOrderBook({ address: ADDRESS, random: { octets: randomBytes }, kept: 1 })
  const [open, first, second] = [book.create(), book.create(), book.create()].map(({ iccid }) => iccid)
  for (const iccid of [first, second]) book.cancel(iccid ?? '')
  expect(book.list().map(({ iccid }) => iccid)).toEqual([open, second])
})
