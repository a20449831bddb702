import type { LateAnswer } from '../../contract/in-shard.js'

/** What a message means for its conversation. */
export type Verdict = { readonly legal: true } | Illegal

/** Not delivered: an act that is out of turn, or one that the protocol answers because it came too late. */
export type Illegal =
  | { readonly legal: false, readonly state: string, readonly acts: readonly string[] }
  | { readonly legal: false, readonly answer: LateAnswer }

export const LEGAL: Verdict = { legal: true }
