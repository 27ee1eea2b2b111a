/** What the operator of the typical profile has put on its cards: invented numbers, real country codes. */
import { concatOctets, fromHex } from '../../../protocol/ber/index.ts'
import { alphaIdentifier, plmn, swapped } from './parameters.ts'

/** EF.SMSP: 3GPP TS 31.102, 4.2.27. Only the address of the service centre is given. */
export const shortMessageCentre = concatOctets(
  new Uint8Array(10).fill(0xff),
  fromHex('fd'),
  new Uint8Array(12).fill(0xff),
  fromHex('0791947107160000ffffffff'),
  fromHex('0000ff'),
)

/** Mobile country codes: ITU-T E.212. */
const countries =
  `202 204 206 208 212 213 214 216 218 219 220 222 226 228 230 231 232 234 235 238 240 242 244 246 247 248 250
  255 257 259 260 262 266 268 270 272 274 276 278 280 282 283 284 286 288 290 292 293 294 295 297 302 308 310 311 330 334 338
  340 342 344 346 348 350 352 354 356 358 360 362 364 366 368 370 372 374 376 400 401 402 404 405 410 412 413 414 415 416 417
  418 419 420 421 422 424 425 426 427 428 429 432 434 436 437 438 440 441 450 452 454 455 456 457 460 466 470 472 502 505 510
  514 515 520 525 528 530 536 537 539 540 541 542 545 546 547 548 549`.split(/\s+/)

/** EF.OPLMNwAcT: 3GPP TS 31.102, 4.2.53. E-UTRAN, UTRAN and GSM in every network. */
export const roamingList = concatOctets(
  ...['01', '02'].flatMap((mnc) => countries.flatMap((mcc) => [plmn(mcc, mnc), fromHex('c080')])),
)

interface Contact {
  readonly name: string
  readonly number: string
  readonly recordSize: number
}

/** EF.ADN and EF.SDN: 3GPP TS 31.102, 4.4.2.3. Name, length, type of number (international), number, and two references that lead nowhere. */
function dialled({ name, number, recordSize }: Contact): Uint8Array {
  const nameSize = recordSize - 14
  const record = new Uint8Array(recordSize).fill(0xff)
  const digits = swapped(number)
  record.set(alphaIdentifier(name, nameSize))
  record.set([digits.length + 1, 0x91], nameSize)
  record.set(digits, nameSize + 2)
  return record
}

const number = (i: number): string => `49170${String(1_000_000 + 7919 * i)}`

const list = (name: string, { count, recordSize }: { count: number; recordSize: number }): readonly Uint8Array[] =>
  Array.from({ length: count }, (_, i) => dialled({ name: `${name} ${i + 1}`, number: number(i), recordSize }))

export const SERVICE_NUMBERS = { count: 10, recordSize: 24 }
export const serviceNumbers = list('Service', SERVICE_NUMBERS)

const CONTACTS = { count: 200, recordSize: 32 }
export const contacts = { recordSize: CONTACTS.recordSize, records: list('Depot', CONTACTS) }
