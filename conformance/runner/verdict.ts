/** Verdicts, from the mildest to the worst. Only `fail` speaks about the target; `error` says that the runner could not ask. */
export const verdicts = ['off', 'pass', 'skip', 'error', 'fail'] as const
export type Verdict = (typeof verdicts)[number]

/** The worst child decides. `off` when there is none: nothing was claimed. */
export const worst = (children: readonly Verdict[]): Verdict =>
  verdicts[Math.max(0, ...children.map((verdict) => verdicts.indexOf(verdict)))] ?? 'off'

const exitCodes: Record<Verdict, number> = { off: 0, pass: 0, skip: 0, fail: 1, error: 2 }

/** 0 everything asked has passed, 1 a requirement failed, 2 could not ask. */
export const exitCode = (verdict: Verdict): number => exitCodes[verdict]
