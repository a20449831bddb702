import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { create } from '@bufbuild/protobuf'
import { root } from '../project.mjs'
import { Negotiation } from './negotiation.mjs'
import { SequenceDiagram } from './sequence-diagram.mjs'

const { Agents, AgentManifestSchema, AclMessageSchema, Messages } = await import('../../dist/kernel/contract/index.js')
const { paintAnsi, paintNothing, wantsColour } = await import('../../dist/kernel/command/terminal/colours.js')
const { openConnector } = await import('../../dist/plugins/api-grpc/grpc-connector.js')

/** The sellers come before the buyer, so that it finds them all. */
const AGENTS = [
  { name: 'echo', file: 'echo' },
  { name: 'refusing', file: 'market-seller', configuration: '{"character":"refusing"}' },
  { name: 'slow', file: 'market-seller', configuration: '{"character":"slow","price":4}' },
  { name: 'cheap', file: 'market-seller', configuration: '{"character":"cheap","price":5}' },
  { name: 'buyer', file: 'market-buyer', configuration: '{"buy":"tea","every":10000}' },
]
const COLUMNS = ['buyer', 'refusing', 'slow', 'cheap']
const ORDER = '{"buy":"tea"}'
/** Where `caxton` looks for a server when nobody says otherwise. */
const USUAL_ADDRESS = '127.0.0.1:50051'
/** How long it takes until every thread of the server shows its messages, in milliseconds. */
const WATCH_BEGINS = 300
/** Longer than the buyer takes until its next call, if it has no time for this one. */
const LONGEST_SHOW = 15_000

const STORY = `
A buyer calls for proposals whoever offers "sell", and buys from the cheapest of
those who answer in time. Dashed is what the server says in somebody's name, ✗
what it did not deliver.

$ npx caxton message send --to buyer --performative request \\
    --content '${ORDER}' --wait
`

const MORAL = `
The slow seller asked less, but too late. The buyer calls again every 10 s.`
const NEXT = `
In a second terminal, type for example:

  npx caxton agents list
  npx caxton message send --to echo --performative request --content '{"hello":"world"}' --wait
  npx caxton task run --capability sell --content '{"buy":"coffee"}' --deadline 1s
  npx caxton conversations list --ended
  npx caxton message watch
  npx caxton agents logs buyer --follow
  npx caxton new agent clerk        your own agent, in five minutes: docs/agents.md

Ctrl-C stops the server. What is deployed comes back with the next start.
`

/** Deploys the market, draws one negotiation while it happens, and says what to type next. Ends early when `signal` aborts. */
export async function showMarket (address, signal) {
  const connector = openConnector({ address })
  try {
    for (const agent of AGENTS) await deploy(connector, agent)
    console.log(STORY)
    await trade(connector, AbortSignal.any([signal, AbortSignal.timeout(LONGEST_SHOW)]))
    if (signal.aborted) return
    console.log(address === USUAL_ADDRESS ? NEXT : `${NEXT}\nType first:  export CAXTON_SERVER=${address}\n`)
  } catch (error) {
    if (!signal.aborted) throw error
  } finally {
    connector.close()
  }
}

async function deploy (connector, { name, file, configuration = '' }) {
  const path = join('examples', 'build', `${file}.wasm`)
  const option = configuration === '' ? '' : ` \\\n    --config-text '${configuration}'`
  const module = readFileSync(join(root, path))
  const manifest = create(AgentManifestSchema, { name, configuration: Buffer.from(configuration), replace: true })
  async function * parts () {
    yield { part: { case: 'manifest', value: manifest } }
    yield { part: { case: 'chunk', value: module } }
  }
  const { changed } = await connector.clientStream(Agents.method.deploy, parts())
  console.log(`$ npx caxton agents deploy ${path} --name ${name}${option}${changed ? '' : '    # is there already'}`)
}

/** Orders something, and draws what the buyer and the sellers say until all is said. */
async function trade (connector, end) {
  const answer = order(connector, end)
  try {
    if (!await draw(connector, end)) return
    const { performative, content } = await answer ?? {}
    if (performative !== undefined) console.log(`\nbuyer → ${performative}  ${Buffer.from(content)}`)
    console.log(MORAL)
  } catch (error) {
    if (!end.aborted) throw error
  }
}

/** The buyer's answer, or undefined when there is none before the end. */
async function order (connector, end) {
  await new Promise(resolve => setTimeout(resolve, WATCH_BEGINS))
  const message = create(AclMessageSchema, { performative: 'request', receiver: 'buyer', content: Buffer.from(ORDER) })
  return connector.unary(Messages.method.send, { message, wait: true }, end)
    .then(({ answers }) => answers.at(-1), () => undefined)
}

/** Draws until all is said; false where the end came first, of the time or of the server. */
async function draw (connector, end) {
  const diagram = new SequenceDiagram(COLUMNS, wantsColour(process.stdout, process.env, false) ? paintAnsi : paintNothing)
  const negotiation = new Negotiation('buyer')
  console.log(diagram.heading().join('\n'))
  for await (const seen of connector.serverStream(Messages.method.watch, { agents: ['buyer'] }, end)) {
    if (end.aborted) return false
    if (!negotiation.take(seen.message)) continue
    console.log(diagram.lines(seen).join('\n'))
    if (negotiation.isOver) return true
  }
  return false
}
