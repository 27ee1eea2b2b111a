/** What every clock and database of ours knows. */
const [first, last] = [Date.UTC(1970, 0), Date.UTC(9999, 11, 31, 23, 59, 59, 999)]

/** RFC 3339 as milliseconds since the Unix epoch; what lies before or behind the calendar is its end. It has leap seconds, Date has not. */
export const instantOf = (text: string): number =>
  Math.min(Math.max(Date.parse(text.replace(/:60(?=\D|$)/, ':59')), first), last)
