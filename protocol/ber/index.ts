/** BER and DER (ITU-T X.690): schemas from which value type, encoder, decoder and annotated dump are derived. Pure, runs in a browser too. */

export {
  type Captured,
  type ChoiceValue,
  capture,
  captured,
  choice,
  explicit,
  lazy,
  optional,
  sequence,
  sequenceOf,
  slice,
  withDefault,
} from './constructed.ts'
export { describe, type Tlv } from './describe.ts'
export { DecodeError, type DecodeErrorCode, decodeErrorCodes } from './errors.ts'
export { foreignSequence } from './foreign.ts'
export { concatOctets, equalOctets, fromHex, room, tagToHex, toHex, toSwappedHex, toUpperHex } from './octets.ts'
export {
  asciiString,
  type BitString,
  bcd,
  bitString,
  boolean,
  digits,
  enumeration,
  exactly,
  flag,
  hexString,
  integer,
  integerOctets,
  type NameOf,
  namedBits,
  octetString,
  oid,
  swappedHexString,
  tagList,
  utf8String,
} from './primitives.ts'
export type { EncodingRules } from './reader.ts'
export {
  type AnySchema,
  type DecodeOptions,
  decode,
  decodeFirst,
  encode,
  mapped,
  named,
  retag,
  type Schema,
  type TaggedSchema,
  type ValueOf,
} from './schema.ts'
