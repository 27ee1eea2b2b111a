/** Bounds that the standards fix apart from the types themselves. */
export const limits = {
  /** Highest counterValue that every eUICC accepts in an eUICC Package: SGP.32 v1.2, 2.11.1. */
  counterValue: 0x7fffff,
  /** Octets of one protected segment with tag, length and MAC: SGP.22 v2.5, 2.5.3. */
  protectedSegment: 1020,
  /** Plain octets that fit in one encrypted segment, tags 86 and 87. */
  encryptedSegmentContent: 1007,
  /** Plain octets that fit in one segment with a MAC only, tag 88. */
  plainSegmentContent: 1008,
  /** Octets of data in one STORE DATA command. */
  storeDataBlock: 255,
  /** Octets that one answer of the card carries. */
  responseBlock: 256,
  /** Octets of DpProprietaryData with its header. */
  dpProprietaryData: 128,
} as const
