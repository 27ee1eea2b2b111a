/** `esim-testbed/protocol`: what the standards fix, a name for each room. Names in a room are those of the ASN.1, which two standards share. */
export * as ber from './ber/index.ts'
export * as codes from './codes/index.ts'
export * as crypto from './crypto/index.ts'
export * as identifiers from './identifiers/index.ts'
export * as saip from './saip/index.ts'
export * as sgp22 from './sgp22/index.ts'
export * as sgp32 from './sgp32/index.ts'
