/** A wrong provider is also a layer at its port to the platform: it sees orders, and what the eIM tells of packages and eUICCs, and changes them. */

/** An order on its way to the eIM: docs/eim-northbound.md, PackageOrder. */
export interface PlacedOrder {
  readonly eid: string
  /** Idempotency-Key. */
  readonly key: string
  readonly order: OrderBody
}

export interface OrderBody {
  readonly psmo?: readonly Readonly<Record<string, { readonly iccid?: string }>>[]
  readonly download?: object
}

/** docs/eim-northbound.md, Package, as far as layers look at it. */
export interface ToldPackage {
  readonly packageId: string
  readonly state: string
  readonly result?: ToldResult
}

export interface ToldResult {
  readonly kind: string
  readonly results?: readonly { readonly operation: string; readonly result: string }[]
  readonly outcome?: string
}

export interface ToldEuicc {
  readonly eid: string
  readonly profiles: readonly { readonly iccid: string; readonly state: string }[]
}

/** The eIM behind the layer. */
export interface Port {
  readonly place: (order: PlacedOrder) => Promise<ToldPackage>
  readonly euicc: (eid: string) => Promise<ToldEuicc>
  readonly sleep: (milliseconds: number) => Promise<void>
}

export interface PortLayer {
  /** Instead of `port.place`. */
  readonly order?: (placed: PlacedOrder, port: Port) => Promise<ToldPackage>
  /** What is told of a package, in answers and in events. */
  readonly told?: (told: ToldPackage) => ToldPackage
  /** What is told of an eUICC. */
  readonly inventory?: (euicc: ToldEuicc) => ToldEuicc
}

export interface PortMutant {
  readonly id: string
  readonly summary: string
  readonly breaks: string
  readonly layer: () => PortLayer
}
