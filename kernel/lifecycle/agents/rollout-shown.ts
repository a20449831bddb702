import type { Rollout as RolloutMessage, RolloutTerms as TermsMessage } from '../../contract/index.js'
import type { Rollout } from './rollout.js'
import type { RolloutTerms } from './rollout-terms.js'

type TermsShown = Omit<TermsMessage, '$typeName'>
type RolloutShown = Omit<RolloutMessage, '$typeName' | 'other' | 'withheld' | 'terms'> & { readonly terms: TermsShown }

/** A roll-out as the operations show it; without its second agent, and what that withheld. */
export function rolloutShown (rollout: Rollout): RolloutShown {
  const { terms, retiring, next, staying, figures, openConversations } = rollout
  const onTrial = retiring === undefined
  return {
    strategy: terms.strategy,
    phase: onTrial ? 'trial' : 'retiring',
    version: staying.plan.version,
    percent: onTrial ? terms.percent : staying === next ? 100 : 0,
    messages: BigInt(figures.messages),
    errorPercent: figures.errorPercent,
    p99Milliseconds: figures.p99,
    openConversations,
    terms: shownTerms(terms),
  }
}

const shownTerms = ({ percent, errorPercent, p99, window, linger }: RolloutTerms): TermsShown =>
  ({ percent, errorPercent, p99Milliseconds: p99, windowMilliseconds: window, lingerMilliseconds: linger })
