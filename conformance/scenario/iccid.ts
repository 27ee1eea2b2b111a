/** ITU-T E.118: an ICCID has 19 or 20 digits; its check digit may be left out, and a filler may complete it on the card. */
export function sameIccid(one: string, other: string): boolean {
  const [short = '', long = ''] = [one, other]
    .map((iccid) => iccid.replace(/F$/i, ''))
    .sort((a, b) => a.length - b.length)
  return long.startsWith(short) && long.length - short.length <= 1
}

interface Esim {
  readonly eid: string
  readonly iccid: string
}

/** The ICCID must be there; an EID that is there must be the right one. */
export function namesEsim(shown: unknown, { eid, iccid }: Esim): boolean {
  const its = (shown ?? {}) as Partial<Esim>
  return sameIccid(String(its.iccid), iccid) && (its.eid === undefined || its.eid === eid)
}

/** The digits that identify it in every spelling. */
export const iccidCore = (iccid: string): string => iccid.slice(0, 18)
