import { readFileSync } from 'node:fs'

/** One layer of a captured packet or stream, as the capture describes it. */
export interface GoldenLayer {
  readonly layer: string
  readonly body?: Readonly<Record<string, unknown>>
  readonly serf?: string
  readonly header?: Readonly<Record<string, unknown>>
  readonly nodes?: readonly Readonly<Record<string, unknown>>[]
  readonly userState?: unknown
}

export interface GoldenVector {
  readonly hex: string
  /** Of what was encrypted. */
  readonly plain?: string
  readonly stream?: string
  readonly decoded: readonly GoldenLayer[]
}

/** What three agents of Serf 0.9.4 said to one another. */
export interface GoldenVectors {
  /** Base64. */
  readonly encKey: string
  readonly plainUdp: readonly GoldenVector[]
  readonly plainTcp: readonly GoldenVector[]
  readonly encUdp: readonly GoldenVector[]
  readonly encTcp: readonly GoldenVector[]
}

export function goldenVectors (): GoldenVectors {
  return JSON.parse(readFileSync('test/fixtures/memberlist-vectors.json', 'utf8')) as GoldenVectors
}

/** A wrapper such as `compress` describes no message. */
export function isMessage ({ layer }: GoldenLayer): boolean {
  return layer !== 'crc' && layer !== 'compress' && layer !== 'compound'
}
