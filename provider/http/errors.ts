/** CAMARA Commonalities, error responses: every code that an answer may carry, and the status it goes with. */
export const statusOf = {
  INVALID_ARGUMENT: 400,
  UNAUTHENTICATED: 401,
  PERMISSION_DENIED: 403,
  NOT_FOUND: 404,
  IDENTIFIER_NOT_FOUND: 404,
  METHOD_NOT_ALLOWED: 405,
  ABORTED: 409,
  CONFLICT: 409,
  INCOMPATIBLE_STATE: 409,
  UNSUPPORTED_MEDIA_TYPE: 415,
  SERVICE_NOT_APPLICABLE: 422,
  IDENTIFIER_MISMATCH: 422,
  MISSING_IDENTIFIER: 422,
  'ESIM_PROFILE_MANAGEMENT.IDENTIFIER_MISMATCH': 422,
  ESIM_NOT_DISABLED: 422,
  ESIM_NOT_ENABLED: 422,
  IDEMPOTENCY_KEY_REUSED: 422,
  TOO_MANY_REQUESTS: 429,
  QUOTA_EXCEEDED: 429,
  INTERNAL: 500,
  UNAVAILABLE: 503,
} as const

export type ErrorCode = keyof typeof statusOf

/** An answer that the API names. `status` only where it departs from the code's own (413 is INVALID_ARGUMENT). */
export interface Refusal<C extends ErrorCode = ErrorCode> {
  readonly kind: 'refusal'
  readonly code: C
  readonly message: string
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
}

export const refuse = <const C extends ErrorCode>(
  code: C,
  message: string,
  more: Pick<Refusal, 'status' | 'headers'> = {},
): Refusal<C> => ({ kind: 'refusal', code, message, ...more })
