import { ACTS, parseAct, type Act } from '../../contract/index.js'
import { isNamePattern } from '../../contract/in-shard.js'
import type { AgentPolicy, PolicyRule } from '../../routing/permissions/policy-rules.js'
import type { Problem } from '../configuration/problem.js'
import { isList, isTable, type Table, type Value } from '../configuration/table.js'
import { parseToml } from '../configuration/toml-file.js'

/** Most rules of a policy, and most patterns and acts that one of them names. */
const RULES = 250
const NAMED = 250
const MOST_RATE = 1_000_000

const KEYS = ['default', 'rules']
const RULE_KEYS = ['from', 'to', 'acts', 'effect', 'rate']

/** A policy, or everything that is wrong with it, a sentence each. */
export type ReadPolicy = { readonly policy: AgentPolicy } | { readonly problems: readonly string[] }

/** Reads a policy for agents: TOML with `default` and any number of `[[rules]]`. `file` is for messages. Never throws. */
export function readPolicy (bytes: Uint8Array, file: string): ReadPolicy {
  const found: Problem[] = []
  const table = parseToml(bytes, file, found)
  const problems = found.map(({ message }) => message)
  const otherwise = effectOf(table, 'default', undefined, 'default', problems)
  refuseOthers(table, KEYS, '', problems)
  const list = table.get('rules') ?? []
  const rules = isList(list) ? list.map((rule, index) => ruleOf(rule, `rules[${index}]`, problems)) : []
  if (!isList(list) || list.length > RULES) problems.push(`rules: expected at most ${RULES} tables, each begun with [[rules]]`)
  return problems.length > 0 ? { problems } : { policy: { otherwise, rules } }
}

function ruleOf (value: Value, place: string, problems: string[]): PolicyRule {
  const rule: Table = isTable(value) ? value : new Map()
  if (!isTable(value)) problems.push(`${place}: expected a table`)
  refuseOthers(rule, RULE_KEYS, `${place}.`, problems)
  const effect = effectOf(rule, 'effect', 'allow', `${place}.effect`, problems)
  const rate = rule.get('rate') ?? 0
  const isRate = typeof rate === 'number' && Number.isInteger(rate) && rate <= MOST_RATE && (rate >= 1 || !rule.has('rate'))
  if (!isRate) problems.push(`${place}.rate: expected a whole number from 1 to ${MOST_RATE}`)
  if (effect === 'deny' && rule.has('rate')) problems.push(`${place}.rate: nothing is let through at a rate that the rule denies`)
  return {
    effect,
    rate: isRate ? rate : 0,
    from: wordsOf(rule, 'from', isNamePattern, 'names, in which * means any characters', place, problems),
    to: wordsOf(rule, 'to', isNamePattern, 'names, in which * means any characters', place, problems),
    acts: rule.has('acts') ? actsOf(rule, place, problems) : undefined,
  }
}

function actsOf (rule: Table, place: string, problems: string[]): readonly Act[] {
  const words = wordsOf(rule, 'acts', word => parseAct(word) !== undefined, `acts, of ${ACTS.join(', ')}`, place, problems)
  return words.flatMap(word => parseAct(word) ?? [])
}

function wordsOf (
  rule: Table, key: string, isWord: (word: string) => boolean, expected: string, place: string, problems: string[],
): readonly string[] {
  const list = rule.get(key)
  const words = isList(list) ? list.flatMap(word => typeof word === 'string' && isWord(word) ? [word] : []) : []
  if (isList(list) && words.length === list.length && words.length > 0 && words.length <= NAMED) return words
  problems.push(`${place}.${key}: expected a list of 1 to ${NAMED} ${expected}`)
  return []
}

function effectOf (
  table: Table, key: string, otherwise: 'allow' | undefined, place: string, problems: string[],
): 'allow' | 'deny' {
  const effect = table.get(key) ?? otherwise
  if (effect === 'allow' || effect === 'deny') return effect
  problems.push(`${place}: expected "allow" or "deny"`)
  return 'deny'
}

function refuseOthers (table: Table, keys: readonly string[], place: string, problems: string[]): void {
  for (const key of table.keys()) {
    if (!keys.includes(key)) problems.push(`${place}${key}: there is no such key; there are ${keys.join(', ')}`)
  }
}
