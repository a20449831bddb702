/** A value of OTLP in JSON (opentelemetry.proto.common.v1.AnyValue): 64-bit integers are text. */
export type OtlpValue =
  | { readonly stringValue: string }
  | { readonly boolValue: boolean }
  | { readonly intValue: string }
  | { readonly doubleValue: number | string }

export interface OtlpAttribute {
  readonly key: string
  readonly value: OtlpValue
}

/** Where what is sent comes from. */
export interface OtlpOrigin {
  readonly resource: { readonly attributes: readonly OtlpAttribute[] }
  readonly scope: { readonly name: string, readonly version: string }
}

export function valueOf (value: string | number | boolean): OtlpValue {
  if (typeof value === 'string') return { stringValue: value }
  if (typeof value === 'boolean') return { boolValue: value }
  return Number.isSafeInteger(value) ? { intValue: String(value) } : { doubleValue: doubleOf(value) }
}

/** What is no number in JSON is written as protobuf's JSON form writes it. */
export const doubleOf = (value: number): number | string => Number.isFinite(value) ? value : String(value)

export const attributesOf = (attributes: Readonly<Record<string, string | number | boolean>>): OtlpAttribute[] =>
  Object.entries(attributes).map(([key, value]) => ({ key, value: valueOf(value) }))

/** Milliseconds since the Unix epoch as nanoseconds, in text. */
export const nanosecondsOf = (milliseconds: number): string => String(BigInt(Math.max(0, Math.round(milliseconds * 1_000))) * 1_000n)
