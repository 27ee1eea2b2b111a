/** Where events may go: RFC 6890 special-purpose addresses are inside somebody's network, and nobody may reach there through us. */
import { BlockList, isIP } from 'node:net'
import type { SinkPolicy } from '../config.ts'

const special = new BlockList()
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const)
  special.addSubnet(network, prefix, 'ipv4')
for (const [network, prefix] of [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const)
  special.addSubnet(network, prefix, 'ipv6')

/** All of IPv6 that is routed: global unicast, and IPv4 addresses written as IPv6 (::ffff:a.b.c.d), which are judged as what they are. */
const routed = new BlockList()
routed.addSubnet('2000::', 3, 'ipv6')
routed.addSubnet('::ffff:0:0', 96, 'ipv6')

export const isSpecial = (address: string): boolean =>
  isIP(address) === 6
    ? !routed.check(address, 'ipv6') || special.check(address, 'ipv6')
    : special.check(address, 'ipv4')

/** Without the brackets of an IPv6 address. */
export const hostOf = ({ hostname }: URL): string => hostname.replace(/^\[|\]$/g, '')

/** undefined: events may go there, as far as the text tells; what a name resolves to is seen when an event leaves. */
export const sinkProblem = (
  sink: string,
  { allowHttp, allowPrivateAddresses }: SinkPolicy,
  name = 'sink',
): string | undefined => {
  if (!URL.canParse(sink)) return `${name} must be a URL.`
  const url = new URL(sink)
  if (url.protocol !== 'https:' && !(allowHttp && url.protocol === 'http:')) return `${name} must be an https URL.`
  if (url.username !== '' || url.password !== '') return `${name} must not carry credentials; sinkCredential does.`
  const host = hostOf(url)
  if (!allowPrivateAddresses && isIP(host) !== 0 && isSpecial(host)) return `${name} must be a public address.`
  return undefined
}
