// Writes the diagram and the table of every protocol into docs/protocols.md, between the two marks of each; what stands
// elsewhere in the file is kept. With --check it only says whether the file is up to date. Needs a build.
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { builtInPlugins } from '../dist/kernel/lifecycle/plugins/plugin-loader.js'
import { keepDocument } from './keep-document.mjs'

const PROTOCOL_TOKEN = 'caxton/protocol@1'
const WHO = { initiator: 'initiator', participant: 'participant', platform: 'platform' }
/** Said once for all protocols, so that the diagrams show what is their own. */
const EVERYWHERE = new Set(['not-understood'])

const row = cells => `| ${cells.join(' | ')} |`
const unique = values => [...new Set(values)]
const idOf = state => state.replaceAll('-', '_')

/** What moves a branch, as [from, to, label]. */
const movesOf = ({ steps, deadlines }) => [
  ...steps.map(({ state, to, role, acts }) =>
    [state, to, `${WHO[role]} ${acts.filter(act => !EVERYWHERE.has(act)).join(', ')}`, acts.every(act => EVERYWHERE.has(act))]),
  ...deadlines.map(({ state, to }) => [state, to, 'reply-by passes', false]),
].filter(([, , , isEverywhere]) => !isEverywhere)

function diagram (protocol) {
  const moves = movesOf(protocol).map(([from, to, label]) => [from === protocol.initial ? '[*]' : idOf(from), idOf(to), label])
  const ways = unique(moves.map(([from, to]) => `${from} --> ${to}`))
  const labels = way => moves.filter(([from, to]) => `${from} --> ${to}` === way).map(([, , label]) => label)
  const arrows = ways.map(way => `    ${way}: ${labels(way).join('<br>')}`)
  const reached = unique(movesOf(protocol).map(([, to]) => to))
  const names = reached.filter(state => idOf(state) !== state).map(state => `    state "${state}" as ${idOf(state)}`)
  const ends = reached.filter(state => protocol.final.includes(state)).map(state => `    ${idOf(state)} --> [*]`)
  return ['```mermaid', 'stateDiagram-v2', ...names, ...arrows, ...ends, '```']
}

function table (protocol) {
  const shown = state => protocol.final.includes(state) ? `**${state}**` : state
  const said = (state, who) => protocol.steps.filter(step => step.state === state && step.role === who)
    .map(({ acts, to }) => `${acts.join(', ')} → ${shown(to)}`).join('<br>')
  const late = state => protocol.deadlines.filter(deadline => deadline.state === state)
    .map(({ to, tells, whom = 'initiator' }) => `→ ${shown(to)}, the ${whom} is told ${tells}`).join('')
  const states = unique(protocol.steps.map(({ state }) => state))
  return [
    '| state | the initiator may say | the participant may say | the platform reports a failure | when reply-by passes |',
    '|---|---|---|---|---|',
    ...states.map(state => row([
      state, said(state, 'initiator'), said(state, 'participant'), said(state, 'platform').replace('failure ', ''), late(state),
    ])),
  ]
}

function lateAnswers ({ lateAnswers: answers = [] }) {
  if (answers.length === 0) return []
  const alike = answers.filter((one, index) => answers.findIndex(({ code }) => code === one.code) === index)
  const statesOf = one => answers.filter(({ code }) => code === one.code).map(({ state }) => state).join(', ')
  return [
    '', '| too late | in the state | is answered with | code |', '|---|---|---|---|',
    ...alike.map(one => row([`${one.acts.join(', ')} of the ${one.role}`, statesOf(one), one.says, `\`${one.code}\``])),
  ]
}

/** The tables of the built-in plugins, by the name that messages carry. */
async function protocols () {
  const found = new Map()
  for (const plugin of await builtInPlugins(fileURLToPath(new URL('../dist/plugins', import.meta.url)))) {
    const given = (plugin.provides ?? []).find(({ token }) => token?.id === PROTOCOL_TOKEN)
    if (given === undefined) continue
    const Main = await plugin.main()
    const protocol = given.from(new Main())
    found.set(protocol.name, protocol)
  }
  return found
}

let text = await readFile(new URL('../docs/protocols.md', import.meta.url), 'utf8')
for (const [name, protocol] of await protocols()) {
  const [begin, end] = [`<!-- table of ${name} -->`, '<!-- end of the table -->']
  const marked = new RegExp(`${begin}\n[^]*?${end}`)
  if (!marked.test(text)) throw new Error(`docs/protocols.md has no place for ${name}: ${begin} and ${end}`)
  const lines = [...diagram(protocol), '', ...table(protocol), ...lateAnswers(protocol)]
  text = text.replace(marked, () => `${begin}\n\n${lines.join('\n')}\n\n${end}`)
}
await keepDocument('docs/protocols.md', text.split('\n'))
