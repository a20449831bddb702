import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { create } from '@bufbuild/protobuf'
import { root } from '../project.mjs'

const { Agents, AgentManifestSchema, AclMessageSchema, Messages } = await import('../../dist/kernel/contract/index.js')
const { openConnector } = await import('../../dist/plugins/api-grpc/grpc-connector.js')

/** The agents of the demonstration, in an order in which each finds those it talks to. */
const AGENTS = [
  { name: 'echo', file: 'echo' },
  { name: 'counter', file: 'counter' },
  { name: 'heater', file: 'heater' },
  { name: 'thermostat', file: 'thermostat', configuration: '{"wanted":20,"every":1000}' },
]
/** Where `caxton` looks for a server when nobody says otherwise. */
const USUAL_ADDRESS = '127.0.0.1:50051'
const SHOWN = 12
const LONGEST_SHOW = 12_000
const NARROW = 24

const NEXT = `
The agents go on. In a second terminal, type for example:

  npx caxton agents list
  npx caxton message send --to echo --performative request --content '{"hello":"world"}' --wait
  npx caxton message watch
  npx caxton agents inspect thermostat
  npx caxton agents logs thermostat --follow
  npx caxton new agent clerk        your own agent, in five minutes: docs/agents.md

Ctrl-C stops the server. What is deployed comes back with the next start.
`

/** Deploys the examples, draws the messages that they exchange, and says what to type next. */
export async function showAgents (address) {
  const connector = openConnector({ address })
  try {
    for (const agent of AGENTS) await deploy(connector, agent)
    console.log('\nthermostat asks heater what the temperature is, and to heat when it is too cold:\n')
    await draw(connector)
    console.log(address === USUAL_ADDRESS ? NEXT : `${NEXT}\nType first:  export CAXTON_SERVER=${address}\n`)
  } finally {
    connector.close()
  }
}

async function deploy (connector, { name, file, configuration = '' }) {
  const path = join('examples', 'build', `${file}.wasm`)
  const option = configuration === '' ? '' : ` --config-text '${configuration}'`
  const module = readFileSync(join(root, path))
  const manifest = create(AgentManifestSchema, { name, configuration: Buffer.from(configuration), replace: true })
  async function * parts () {
    yield { part: { case: 'manifest', value: manifest } }
    yield { part: { case: 'chunk', value: module } }
  }
  const { changed } = await connector.clientStream(Agents.method.deploy, parts())
  console.log(`$ npx caxton agents deploy ${path} --name ${name}${option}${changed ? '' : '    # is there already'}`)
}

/** One line a message; to echo one is sent, so that a caller is seen too. */
async function draw (connector) {
  const end = AbortSignal.timeout(LONGEST_SHOW)
  let shown = 0
  const greeting = create(AclMessageSchema, {
    performative: 'request', receiver: 'echo', protocol: 'fipa-request', content: Buffer.from('{"hello":"world"}'),
  })
  setTimeout(() => void connector.unary(Messages.method.send, { message: greeting, wait: true }).catch(() => {}), 1_500)
  try {
    for await (const { message, outcome } of connector.serverStream(Messages.method.watch, {}, end)) {
      console.log(arrow(message, outcome))
      shown += 1
      if (shown === SHOWN) return
    }
  } catch (error) {
    if (!end.aborted) throw error
  }
}

function arrow ({ sender, receiver, performative, content }, outcome) {
  const text = Buffer.from(content).toString()
  const failed = outcome === 'delivered' ? '' : `  ✗ ${outcome}`
  return `  ${sender.padStart(10)} ──${performative.padEnd(NARROW - 10, '─')}─> ${receiver.padEnd(10)}  ${text}${failed}`
}
