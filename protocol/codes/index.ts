/** Numbers and codes of the standards that are not part of a message: status words, RSP status codes, AIDs, limits. */
export { aids, isdPAid, isdPNumber, isdPNumbers } from './aids.ts'
export { type ErrorRow, errorOf, es9plusErrors, es11Errors, esipaErrors, statusOf } from './function-errors.ts'
export { limits } from './limits.ts'
export { reasons, type StatusCode, statusText, subjects } from './rsp-status.ts'
export {
  isSuccess,
  moreData,
  proactiveCommand,
  type StatusWord,
  statusWords,
  statusWordText,
  triesLeft,
  wrongLe,
} from './status-words.ts'
