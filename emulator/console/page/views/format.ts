/** Local time with milliseconds: 14:05:09.120. */
export function clock(at: number): string {
  const date = new Date(at)
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.${String(date.getMilliseconds()).padStart(3, '0')}`
}

const two = (value: number): string => String(value).padStart(2, '0')

/** Digits in groups of four. */
export const grouped = (digits: string): string => digits.replace(/(.{4})(?=.)/g, '$1 ')

/** 12345 as 12.1 KiB. */
export const octets = (count: number): string => (count < 1024 ? `${count} B` : `${(count / 1024).toFixed(1)} KiB`)
