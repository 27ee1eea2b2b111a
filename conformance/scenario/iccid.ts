/** ITU-T E.118: an ICCID has 19 or 20 digits; its check digit may be left out, and a filler may complete it on the card. */
export function sameIccid(one: string, other: string): boolean {
  const [short = '', long = ''] = [one, other]
    .map((iccid) => iccid.replace(/F$/i, ''))
    .sort((a, b) => a.length - b.length)
  return long.startsWith(short) && long.length - short.length <= 1
}

/** The digits that identify it in every spelling. */
export const iccidCore = (iccid: string): string => iccid.slice(0, 18)
