/** Why octets could not be read. The table is closed; `docs/errors.md` lists it. */
export const decodeErrorCodes = {
  truncated: 'The octets end before the value does.',
  'trailing-octets': 'Octets follow after the end of the value.',
  'unexpected-tag': 'A tag that the type does not have at this place.',
  'missing-field': 'A mandatory field is absent.',
  'tag-not-minimal': 'A tag number in more octets than it needs.',
  'length-not-minimal': 'A length in more octets than it needs.',
  'length-indefinite': 'An indefinite length, which DER does not have.',
  'length-too-large': 'A length of more than four octets.',
  'integer-not-minimal': 'An integer in more octets than it needs, or in none.',
  'integer-out-of-range': 'An integer outside the range of the type.',
  'boolean-not-canonical': 'A boolean that is not one octet 00 or FF.',
  'null-not-empty': 'A NULL with content.',
  'bits-not-canonical':
    'A bit string with a wrong count of unused bits, set unused bits, or trailing zero bits in a named list.',
  'oid-malformed': 'An object identifier that ends inside an arc or has a padded arc.',
  'text-malformed': 'Text that is not in the character set of the type.',
  'digits-malformed': 'Decimal digits with a nibble that is none.',
  'size-out-of-range': 'A string or list shorter or longer than the type allows.',
  'tag-list-malformed': 'A tag list that ends inside a tag.',
} as const

export type DecodeErrorCode = keyof typeof decodeErrorCodes

/**
 * Octets that cannot be read as the type expected. `path` leads from the outermost type to the place, for example
 * `Psmo.enable.iccid`; `offset` counts octets from the start of the input.
 */
export class DecodeError extends Error {
  readonly code: DecodeErrorCode
  readonly offset: number
  readonly #path: string[] = []

  constructor(code: DecodeErrorCode, offset: number) {
    super(code)
    this.name = 'DecodeError'
    this.code = code
    this.offset = offset
  }

  get path(): string {
    return this.#path.join('.')
  }

  /** Called by each enclosing type while the error travels outwards. */
  within(name: string): this {
    this.#path.unshift(name)
    this.message = `${this.path}: ${decodeErrorCodes[this.code]} (${this.code} at octet ${this.offset})`
    return this
  }
}

/** Adds one step to the path of a DecodeError; any other error is passed on as it is. */
export function inside(error: unknown, name: string): unknown {
  return error instanceof DecodeError ? error.within(name) : error
}
