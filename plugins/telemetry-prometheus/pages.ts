import type { NodeFacts, ServerHealth } from '../../kernel/contract/index.js'
import { CONTENT_TYPE, exposition } from './exposition.js'
import { chosenExposition } from './media-choice.js'
import { plainPage, type Page, type Visit } from './page.js'
import type { ServerView } from './server-view.js'

const LIST = [
  '/metrics   every metric, for Prometheus',
  '/health    how the server and each of its parts does',
  '/ready     200 if new work should be sent here, else 503',
  '/live      200 as long as the process answers',
].join('\n')

/** The pages by their paths. Those that tell more than a word ask the {@link ServerView}, which may refuse. */
export class Pages {
  private readonly byPath: ReadonlyMap<string, (visit: Visit) => Promise<Page>>

  constructor (private readonly view: ServerView, private readonly serverHealth: ServerHealth, private readonly node: NodeFacts) {
    this.byPath = new Map<string, (visit: Visit) => Promise<Page>>([
      ['/', async () => plainPage(200, LIST)],
      ['/metrics', visit => this.metrics(visit)],
      ['/health', visit => this.health(visit)],
      ['/ready', async () => this.ready()],
      ['/live', async () => plainPage(200, 'alive')],
    ])
  }

  /** What a request is counted as: one of the paths, or `other`. */
  nameOf (path: string): string {
    return this.byPath.has(path) ? path : 'other'
  }

  async of (visit: Visit): Promise<Page> {
    const make = this.byPath.get(visit.path)
    return make === undefined ? plainPage(404, `There is no such page; these are:\n${LIST}`) : await make(visit)
  }

  private async metrics (visit: Visit): Promise<Page> {
    const metrics = await this.view.metrics(visit)
    const format = chosenExposition(visit.headers.get('accept'))
    return { status: 200, type: CONTENT_TYPE[format], text: exposition(metrics, format), headers: { vary: 'accept, accept-encoding' } }
  }

  /** 503 only when the server has failed: a degraded one still does its work. */
  private async health (visit: Visit): Promise<Page> {
    const { state, parts } = await this.view.health(visit)
    const { nodeId, version, startedAt } = this.node
    const shown = { state, ready: this.serverHealth.ready(), node: nodeId, version, startedAt: new Date(startedAt).toISOString(), parts }
    return { status: state === 'failed' ? 503 : 200, type: 'application/json', text: `${JSON.stringify(shown, undefined, 2)}\n` }
  }

  private ready (): Page {
    return this.serverHealth.ready() ? plainPage(200, 'ready') : plainPage(503, 'not ready')
  }
}
