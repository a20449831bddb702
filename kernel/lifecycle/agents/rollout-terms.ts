import { ReplaceStrategy, type AgentManifest } from '../../contract/index.js'
import { ManifestInvalid } from './agent-errors.js'

/** The strategies with two instances. */
export type TwoInstances = ReplaceStrategy.BLUE_GREEN | ReplaceStrategy.CANARY | ReplaceStrategy.SHADOW

/** When a roll-out goes which way. Times in milliseconds. */
export interface RolloutTerms {
  readonly strategy: TwoInstances
  /** Share of what begins that the new version gets. */
  readonly percent: number
  readonly errorPercent: number
  readonly p99: number
  readonly window: number
  readonly linger: number
}

const PERCENT = 10
const ERROR_PERCENT = 5
const P99 = 100
const WINDOW = 60_000
const LONGEST_WINDOW = 600_000
const LINGER = 600_000
const LONGEST_LINGER = 86_400_000

/** The terms of a manifest, with the defaults; undefined for the strategies with one instance. Throws `MANIFEST_INVALID`. */
export function termsOf ({ strategy, rollout }: AgentManifest): RolloutTerms | undefined {
  const { BLUE_GREEN, CANARY, SHADOW } = ReplaceStrategy
  if (strategy !== BLUE_GREEN && strategy !== CANARY && strategy !== SHADOW) return undefined
  const percent = within('rollout.percent', rollout?.percent ?? 0, PERCENT, 1, 99)
  return {
    strategy,
    percent: strategy === CANARY ? percent : strategy === SHADOW ? 0 : 100,
    errorPercent: within('rollout.error_percent', rollout?.errorPercent ?? 0, ERROR_PERCENT, 0, 100),
    p99: within('rollout.p99_milliseconds', rollout?.p99Milliseconds ?? 0, P99, 1, 3_600_000),
    window: within('rollout.window_milliseconds', rollout?.windowMilliseconds ?? 0, WINDOW, 1_000, LONGEST_WINDOW),
    linger: within('rollout.linger_milliseconds', rollout?.lingerMilliseconds ?? 0, LINGER, 1, LONGEST_LINGER),
  }
}

function within (setting: string, value: number, otherwise: number, least: number, most: number): number {
  if (value === 0) return otherwise
  if (value >= least && value <= most) return value
  throw ManifestInvalid({ setting, problem: `${value} is not between ${least} and ${most}` })
}
