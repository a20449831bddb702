import type { Act } from '../../contract/index.js'

/** One rule about who may write to whom. */
export interface PolicyRule {
  /** Patterns of names. */
  readonly from: readonly string[]
  readonly to: readonly string[]
  /** Undefined: every act. */
  readonly acts: readonly Act[] | undefined
  readonly effect: 'allow' | 'deny'
  /** Messages a second of each sender; 0: any number. */
  readonly rate: number
}

/** Who may write to whom. The first rule that fits sender, receiver and act decides; where none does, the default. */
export interface AgentPolicy {
  readonly otherwise: 'allow' | 'deny'
  readonly rules: readonly PolicyRule[]
}
