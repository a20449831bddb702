import { answersWhen, injectable, interactionProtocol, silence, type Protocol } from '../../kernel/contract/index.js'

/**
 * FIPA Query Interaction Protocol, SC00027H §1. `inform` is both inform-t/f, which answers `query-if`, and inform-result,
 * which answers `query-ref`.
 */
export const QUERY_PROTOCOL: Protocol = interactionProtocol({
  name: 'fipa-query',
  specification: 'FIPA SC00027H',
  steps: [{ state: 'start', role: 'initiator', acts: ['query-if', 'query-ref'], to: 'queried' }, ...answersWhen('queried')],
  deadlines: [silence('queried'), silence('agreed')],
})

/** The plugin's living part: there is nothing to start. */
@injectable()
export class QueryProtocol {
  readonly table: Protocol = QUERY_PROTOCOL
}
