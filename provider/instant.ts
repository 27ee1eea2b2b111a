/** RFC 3339 as milliseconds since the Unix epoch. It has leap seconds, Date has not. */
export const instantOf = (text: string): number => Date.parse(text.replace(/:60(?=\D|$)/, ':59'))
