/** What the RSP servers (SM-DP+, SM-DS) have in common: ordered checks, JSON bodies, functions between servers. */
export { bare, versionFor } from './answers.ts'
export {
  type AuthenticateResponseOk,
  type AuthenticationFacts,
  authenticationChecks,
  beginAuthentication,
  euiccOf,
  firstShared,
  type InitiateAuthenticationOk,
  matchingIdOf,
} from './authentication.ts'
export { type CallerOptions, type CallOutcome, callServer } from './calls.ts'
export { type Check, firstBroken, lazily, type RefusalCode, statusOf } from './decide.ts'
export { type Chain, type Euicc, verifyChain } from './euicc-certificates.ts'
export {
  authenticationMembers,
  bool,
  der,
  executed,
  type FailedStatus,
  failed,
  failedStatus,
  isMalformed,
  JSON_TYPE,
  type Malformed,
  type Members,
  matching,
  optionalMember,
  parseJson,
  readMembers,
  text,
  transactionId,
} from './json.ts'
export {
  type Answered,
  type Requester,
  type ServerFunction,
  type ServerFunctions,
  serverFunctionsHandler,
} from './requester.ts'
