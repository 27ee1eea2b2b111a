/** Documents that are not JSON, for people: what they are and what a browser may do with them. */
export interface OpenDocument {
  readonly contentType: string
  readonly text: string
  /** Content-Security-Policy; absent: nothing at all. */
  readonly policy?: string
}

export const isOpenDocument = (value: unknown): value is OpenDocument =>
  typeof value === 'object' && value !== null && 'contentType' in value && 'text' in value
