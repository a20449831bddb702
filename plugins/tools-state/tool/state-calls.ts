import {
  type CaxtonError, isCaxtonError, type Clock, type Counter, type Histogram, type Logger, type Metrics,
} from '../../../kernel/contract/index.js'
import { RecentAnswers } from './recent-answers.js'
import type { JsonObject, StateActions } from './state-actions.js'
import type { StateCall, StateCallResult } from './state-call.js'
import { stateToolNamed } from './state-tool-definitions.js'

/** Carries out calls of tools; resolves to undefined where there is no such tool, and never rejects. */
export interface StateCaller {
  call (call: StateCall): Promise<StateCallResult | undefined>
}

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5]

/** The tools over this node's backend: counts, measures, and turns errors into results. */
export class StateCalls implements StateCaller {
  readonly #recent: RecentAnswers
  readonly #results: Counter
  readonly #durations: Histogram

  constructor (
    private readonly actions: StateActions, private readonly clock: Clock, metrics: Metrics, private readonly log: Logger,
  ) {
    this.#recent = new RecentAnswers(clock)
    this.#results = metrics.counter(
      'caxton_state_calls_total', 'Calls of the state tool, by result: ok or an error code.', ['tool', 'result'])
    this.#durations = metrics.histogram(
      'caxton_state_call_seconds', 'Time that a call of the state tool took.', SECONDS, ['tool'])
  }

  async call (call: StateCall): Promise<StateCallResult | undefined> {
    const tool = stateToolNamed(call.tool)
    if (!tool) return undefined
    const act = (): Promise<StateCallResult> => this.#act(call, () => this.actions[tool.action](call.caller, call.arguments))
    return tool.changes ? await this.#recent.once(call, act) : await act()
  }

  async #act (call: StateCall, action: () => Promise<JsonObject>): Promise<StateCallResult> {
    const begun = this.clock.elapsed()
    let result = 'ok'
    try {
      return { structured: await action(), isError: false, again: false }
    } catch (error) {
      result = isCaxtonError(error) ? error.code : 'INTERNAL_ERROR'
      if (!isCaxtonError(error)) this.log.error('a call of the state tool failed', { tool: call.tool, error })
      return failure(error)
    } finally {
      this.#results.add(1, { tool: call.tool, result })
      this.#durations.record((this.clock.elapsed() - begun) / 1000, { tool: call.tool })
    }
  }
}

function failure (error: unknown): StateCallResult {
  if (!isCaxtonError(error)) {
    const message = 'the state tool failed; the server\'s log says why'
    return { structured: { error: { code: 'INTERNAL_ERROR', message, again: false } }, isError: true, again: false }
  }
  const again = mayDoBetterLater(error)
  const { code, message, remedy, details } = error
  return { structured: { error: { code, message, remedy, again, details } }, isError: true, again }
}

const mayDoBetterLater = ({ kind, code }: CaxtonError): boolean =>
  kind === 'unavailable' || kind === 'timeout' || code === 'STATE_BUSY'
