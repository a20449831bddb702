import { ReplaceStrategy, type Agent, type InspectAgentResponse, type Rollout } from '../../contract/proto/caxton/v1/agents_pb.js'
import { stateText } from './agent-text.js'
import { STRATEGIES } from './replace-strategy.js'

/** What `caxton agents inspect` shows of two versions side by side, and of how the latest roll-out ended. */
export function rolloutFields ({ rollout, rolloutOutcome }: InspectAgentResponse): Array<readonly [string, string]> {
  return [
    ...(rollout === undefined ? [] : fieldsOf(rollout)),
    ...(rolloutOutcome === '' ? [] : [['roll-out ended', rolloutOutcome] as const]),
  ]
}

function fieldsOf (rollout: Rollout): Array<readonly [string, string]> {
  const [word] = Object.entries(STRATEGIES).find(([, strategy]) => strategy === rollout.strategy) ?? ['unknown strategy']
  const { other } = rollout
  const beside = other === undefined ? [] : [['beside it', besideText(other)] as const]
  if (rollout.phase === 'retiring') {
    const ends = `version ${other?.version ?? '?'} ends with its ${rollout.openConversations} open conversations`
    return [['roll-out', `${word}: ${ends}`], ...beside]
  }
  return [['roll-out', `${word}: on trial`], ...beside, ...trialFields(rollout)]
}

const besideText = (agent: Agent): string =>
  `version ${agent.version}, ${stateText(agent)}, ${agent.messagesHandled} handled, ${agent.messagesFailed} failed`

function trialFields (rollout: Rollout): Array<readonly [string, string]> {
  if (rollout.strategy === ReplaceStrategy.SHADOW) return [['discarded', `${rollout.withheld} messages of the new version`]]
  const { terms, messages, errorPercent, p99Milliseconds } = rollout
  const bounds = `more than ${terms?.errorPercent ?? 0} % or ${terms?.p99Milliseconds ?? 0} ms send it back`
  return [
    ['share', `${rollout.percent} % of what begins`],
    ['in the window', `${messages} messages, ${errorPercent.toFixed(1)} % failed, 99 % within ${p99Milliseconds} ms; ${bounds}`],
  ]
}
