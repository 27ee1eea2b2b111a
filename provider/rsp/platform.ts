/**
 * The RSP platform as the provider sees it. What it tells of a card is what that card said in results whose signatures the platform
 * verified. Shapes follow docs/eim-northbound.md; another kind of platform is another implementation of `RspPlatform`.
 */
export interface Profile {
  readonly iccid: string
  readonly state: 'enabled' | 'disabled'
  readonly fallbackAttribute: boolean
  readonly fallbackAllowed: boolean
}

export interface Euicc {
  readonly eid: string
  readonly profiles: readonly Profile[]
}

export type Psmo =
  | { readonly enable: { readonly iccid: string; readonly rollback?: boolean } }
  | { readonly disable: { readonly iccid: string } }
  | { readonly delete: { readonly iccid: string } }
  | { readonly setFallbackAttribute: { readonly iccid: string } }

export type PackageOrder =
  | { readonly psmo: readonly Psmo[] }
  | { readonly download: { readonly activationCode: string } }

/** Result names are those of the ASN.1. */
export type PackageResult =
  | {
      readonly kind: 'euiccPackageResult'
      readonly verified: boolean
      readonly results: readonly { readonly operation: string; readonly result: unknown }[]
    }
  | { readonly kind: 'euiccPackageError'; readonly verified: boolean; readonly error: string }
  | { readonly kind: 'euiccPackageErrorUnsigned' }
  | {
      readonly kind: 'profileInstallationResult'
      readonly verified: boolean
      readonly outcome: 'success'
      readonly iccid: string
    }
  | {
      readonly kind: 'profileInstallationResult'
      readonly verified: boolean
      readonly outcome: 'error'
      readonly bppCommandId: string
      readonly errorReason: string
    }
  | {
      readonly kind: 'profileDownloadError'
      readonly reason: string
      readonly subjectCode?: string
      readonly reasonCode?: string
      readonly detail?: string
    }
  | { readonly kind: 'packageError'; readonly error: string }

export interface Package {
  readonly packageId: string
  readonly eid: string
  /** queued: waits at the platform; delivered: handed to the IPA; done: `result` is there. */
  readonly state: 'queued' | 'delivered' | 'done' | 'cancelled'
  readonly result?: PackageResult
}

/** The platform looked at the order and will not take it. */
export interface OrderRefused {
  readonly kind: 'refused'
  readonly detail: string
}

export type Change = { readonly kind: 'connected' } | { readonly kind: 'package'; readonly package: Package }

/** Thrown by every function below when the platform does not answer, or answers what it should not: ask again later. */
export class PlatformUnavailable extends Error {}

export interface RspPlatform {
  /** Returns when the platform is there. */
  ready(): Promise<void>
  euicc(eid: string): Promise<Euicc | undefined>
  profile(iccid: string): Promise<(Profile & { readonly eid: string }) | undefined>
  /** The same `key` gives the same package however often it is asked. */
  submit(
    eid: string,
    order: PackageOrder,
    key: string,
  ): Promise<{ readonly kind: 'package'; readonly package: Package } | OrderRefused>
  package(packageId: string): Promise<Package | undefined>
  /** Takes back a package that has not been handed over; the answer is what became of it either way. */
  withdraw(packageId: string): Promise<Package | undefined>
  /** Changes of packages as they happen; ends or throws when the connection does. The next call goes on where the last ended. */
  changes(): AsyncIterable<Change>
}
