/** CloudEvents 1.0.2, JSON format, as CAMARA Commonalities narrow it: `time` and `datacontenttype` always, `subject` never. */

/** What a dialect says in a CloudEvent; id, source and time are the envelope's. */
export interface EventContent {
  readonly type: string
  readonly data: unknown
}

interface Occasion {
  readonly id: string
  readonly source: string
  /** Milliseconds since the Unix epoch. */
  readonly time: number
}

export const cloudEvent = ({ id, source, time }: Occasion, { type, data }: EventContent) => ({
  specversion: '1.0',
  id,
  source,
  type,
  time: new Date(time).toISOString(),
  datacontenttype: 'application/json',
  data,
})
