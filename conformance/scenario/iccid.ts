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

interface Shown {
  readonly eid?: unknown
  readonly iccid?: unknown
}

/** The ICCID must be there, unless nobody can know it yet; an EID that is there must be the right one. */
export const namesEsim = (shown: Shown, { eid, iccid }: Esim, isKnown = true): boolean =>
  (shown.iccid === undefined ? !isKnown && shown.eid === eid : sameIccid(String(shown.iccid), iccid)) &&
  (shown.eid === undefined || shown.eid === eid)

/** The digits that identify it in every spelling. */
export const iccidCore = (iccid: string): string => iccid.slice(0, 18)
