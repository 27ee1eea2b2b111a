/** Writes from the end to the front, so that a length is known when its turn comes and nothing is measured twice. */
export class Writer {
  #buffer = new Uint8Array(2048)
  /** First octet written so far. */
  position = this.#buffer.length

  octet(octet: number): void {
    if (this.position === 0) this.#grow(1)
    this.#buffer[--this.position] = octet
  }

  octets(octets: Uint8Array): void {
    if (this.position < octets.length) this.#grow(octets.length)
    this.position -= octets.length
    this.#buffer.set(octets, this.position)
  }

  /** Puts length and tag before the content that lies between here and `end`. */
  header(tag: number, end: number): void {
    this.#length(end - this.position)
    for (let rest = tag; rest > 0; rest = Math.floor(rest / 256)) this.octet(rest & 0xff)
  }

  get end(): number {
    return this.#buffer.length
  }

  /** A copy of all that was written; the writer is empty afterwards and can be used again. */
  finish(): Uint8Array {
    const octets = this.#buffer.slice(this.position)
    this.position = this.#buffer.length
    return octets
  }

  #length(length: number): void {
    if (length < 0x80) {
      this.octet(length)
      return
    }
    let count = 0
    for (let rest = length; rest > 0; rest >>>= 8) {
      this.octet(rest & 0xff)
      count++
    }
    this.octet(0x80 | count)
  }

  #grow(needed: number): void {
    const written = this.#buffer.length - this.position
    const larger = new Uint8Array(Math.max(2 * this.#buffer.length, written + needed))
    larger.set(this.#buffer.subarray(this.position), larger.length - written)
    this.position = larger.length - written
    this.#buffer = larger
  }
}
