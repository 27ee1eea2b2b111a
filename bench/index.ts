import { codecBenchmarks } from './codec.ts'
import { measure } from './measure.ts'

/** Prints one line per benchmark. Ratios are worth more than times: both sides ran on this machine, in turns. */
for (const { name, other, oursMicroseconds, otherMicroseconds, ratio } of codecBenchmarks.map(measure))
  console.log(
    [
      name.padEnd(48),
      `${oursMicroseconds.toFixed(2)} µs`.padStart(11),
      `${other} ${otherMicroseconds.toFixed(1)} µs`.padStart(20),
      `${ratio.toFixed(1)}x`.padStart(8),
    ].join(''),
  )
