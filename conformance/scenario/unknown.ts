/** Identifiers of the right form that nobody has. */
export const UNKNOWN_ICCID = '8999999999999999997'
export const UNKNOWN_EID = '89999999999999999999999999999975'
