/** The package `esim-testbed`: a whole testbed for a program or a test. Its rooms are `esim-testbed/emulator`, `/provider`, `/conformance` and `/protocol`. */
export {
  type CardEventView,
  type DeviceView,
  type Lease,
  type LeaseRequest,
  type RunningTestbed,
  type StartOptions,
  startTestbed,
} from './bin/library.ts'
