/** Messages share it: memory of its own for each costs ten times as much. What is kept of a message keeps all of it alive, so it is small. */
const SLAB = 4096

/** Writes from the end to the front, so that a length is known when its turn comes and nothing is measured twice. */
export class Writer {
  #slab = new Uint8Array(SLAB)
  #end = SLAB
  /** First octet written so far. */
  position = SLAB

  octet(octet: number): void {
    if (this.position === 0) this.#move(1)
    this.#slab[--this.position] = octet
  }

  octets(octets: Uint8Array): void {
    if (this.position < octets.length) this.#move(octets.length)
    this.position -= octets.length
    this.#slab.set(octets, this.position)
  }

  /** Seven-bit text. False for any other, of which nothing is written. */
  ascii(text: string): boolean {
    const { length } = text
    for (let i = 0; i < length; i++) if (text.charCodeAt(i) >= 0x80) return false
    if (this.position < length) this.#move(length)
    this.position -= length
    for (let i = 0; i < length; i++) this.#slab[this.position + i] = text.charCodeAt(i)
    return true
  }

  /** Puts length and tag before the content that lies between here and `end`. */
  header(tag: number, end: number): void {
    this.#length(end - this.position)
    for (let rest = tag; rest > 0; rest = Math.floor(rest / 256)) this.octet(rest & 0xff)
  }

  /** A copy of what was written since the message had so many octets. */
  since(octets: number): Uint8Array {
    return this.#slab.slice(this.position, this.#end - octets)
  }

  /** Where the message ends; it moves with the message, so remember distances from it. */
  get end(): number {
    return this.#end
  }

  /** All that was written. The next message lies before it. */
  finish(): Uint8Array {
    const octets = this.#slab.subarray(this.position, this.#end)
    if (this.#slab.length > SLAB) this.#take(new Uint8Array(SLAB))
    this.#end = this.position
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

  /** The message so far, to the end of a slab with room for `needed` octets before it. */
  #move(needed: number): void {
    const written = this.#slab.subarray(this.position, this.#end)
    this.#take(new Uint8Array(Math.max(SLAB, 2 * written.length + needed)))
    this.position -= written.length
    this.#slab.set(written, this.position)
  }

  #take(slab: Uint8Array<ArrayBuffer>): void {
    this.#slab = slab
    this.#end = slab.length
    this.position = slab.length
  }
}
