import { readExpression, wordNotation } from './expression.js'
import type { FipaAgent } from './fipa-message.js'
import { MESSAGE_BOUNDS } from './message-bounds.js'
import { quoted, reading, type ReadResult } from './read-result.js'
import { TokenReader } from './token-reader.js'
import { isUserKeyword, readUserParameter, userNotation } from './user-parameters.js'

const IDENTIFIER = 'agent-identifier'
const encoder = new TextEncoder()

interface Said {
  name: string | undefined
  addresses: string[] | undefined
  resolvers: FipaAgent[] | undefined
}

/** Takes `(agent-identifier :name NAME [:addresses (sequence URL*)] [:resolvers (sequence AGENT*)] [:X-... VALUE]*)`. */
export function readAgent (tokens: TokenReader, depth = 0): FipaAgent {
  if (depth >= MESSAGE_BOUNDS.depth) tokens.fail(`resolvers are nested more than ${MESSAGE_BOUNDS.depth} deep`)
  if (tokens.next() !== 'open') tokens.fail(`expected (agent-identifier :name ...), found ${tokens.found()}`)
  begin(tokens, IDENTIFIER)
  const said: Said = { name: undefined, addresses: undefined, resolvers: undefined }
  const user = new Map<string, string>()
  while (tokens.next() !== 'close') readParameter(tokens, said, user, depth)
  if (said.name === undefined) tokens.fail('the agent identifier has no :name')
  tokens.take('close', '")"')
  const { name, addresses = [], resolvers = [] } = said
  return { name, addresses, resolvers, user: user.size === 0 ? {} : Object.fromEntries(user) }
}

function readParameter (tokens: TokenReader, said: Said, user: Map<string, string>, depth: number): void {
  if (tokens.next() !== 'bare') tokens.fail(`expected a parameter or ")", found ${tokens.found()}`)
  const at = tokens.position
  const keyword = tokens.bare()
  const name = keyword.toLowerCase().slice(1)
  if (isUserKeyword(keyword)) {
    readUserParameter(tokens, keyword, at, user)
    return
  }
  if (!keyword.startsWith(':') || !isParameter(name)) {
    tokens.position = at
    tokens.fail(`${quoted(keyword)} is no parameter of an agent identifier`)
  }
  if (said[name] !== undefined) {
    tokens.position = at
    tokens.fail(`${quoted(keyword)} is given twice`)
  }
  if (name === 'name') said.name = readName(tokens)
  else if (name === 'addresses') said.addresses = readMany(tokens, 'sequence', readText)
  else said.resolvers = readMany(tokens, 'sequence', () => readAgent(tokens, depth + 1))
}

const isParameter = (name: string): name is keyof Said => name === 'name' || name === 'addresses' || name === 'resolvers'

/** Takes `(set AGENT*)`. */
export function readAgentSet (tokens: TokenReader): FipaAgent[] {
  if (tokens.next() !== 'open') tokens.fail(`expected (set (agent-identifier :name ...)), found ${tokens.found()}`)
  return readMany(tokens, 'set', () => readAgent(tokens))
}

/** An agent in the string form. */
export function agentNotation ({ name, addresses, resolvers, user }: FipaAgent): string {
  const places = addresses.length === 0 ? '' : ` :addresses (sequence ${addresses.map(wordNotation).join(' ')})`
  const knowing = resolvers.length === 0 ? '' : ` :resolvers (sequence ${resolvers.map(agentNotation).join(' ')})`
  return `(${IDENTIFIER} :name ${wordNotation(name)}${places}${knowing}${userNotation(user)})`
}

/** A set of agents in the string form. */
export const agentSetNotation = (agents: readonly FipaAgent[]): string => `(${['set', ...agents.map(agentNotation)].join(' ')})`

/** Reads a text that is a set of agents and nothing else. */
export function readAgentSetText (text: string): ReadResult<FipaAgent[]> {
  return reading(() => {
    const tokens = new TokenReader(encoder.encode(text))
    const agents = readAgentSet(tokens)
    if (tokens.next() !== 'end') tokens.fail(`expected the end, found ${tokens.found()}`)
    return agents
  })
}

function readMany<T> (tokens: TokenReader, kind: 'set' | 'sequence', readOne: (tokens: TokenReader) => T): T[] {
  begin(tokens, kind)
  const found: T[] = []
  for (let next = tokens.next(); next !== 'close'; next = tokens.next()) {
    if (next === 'end') tokens.fail(`the ${kind} has no closing parenthesis`)
    found.push(readOne(tokens))
  }
  tokens.take('close', '")"')
  return found
}

/** Takes the parenthesis and the word that a structure begins with. */
function begin (tokens: TokenReader, word: string): void {
  tokens.take('open', `(${word} ...)`)
  if (tokens.next() !== 'bare') tokens.fail(`expected "${word}", found ${tokens.found()}`)
  const at = tokens.position
  const found = tokens.bare()
  if (found.toLowerCase() === word) return
  tokens.position = at
  tokens.fail(`expected "${word}", found ${quoted(found)}`)
}

function readText (tokens: TokenReader): string {
  return tokens.next() === 'open' ? tokens.fail(`expected an address, found ${tokens.found()}`) : readExpression(tokens)
}

function readName (tokens: TokenReader): string {
  if (tokens.next() === 'open') tokens.fail(`expected a name, found ${tokens.found()}`)
  const at = tokens.position
  const name = readExpression(tokens)
  if (name !== '') return name
  tokens.position = at
  return tokens.fail('the name is empty')
}
