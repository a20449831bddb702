import { Pattern } from './pattern.js'
import type { Rule } from './policy.js'

const RULE = /^(?<rights>\S+)(?:\s+on\s+(?<resources>\S(?:.*\S)?))?$/s
const RIGHTS = /^[a-z0-9:*-]+$/
/** Longest rule, in characters; patterns are compared at every call. */
const LONGEST = 1_024

/**
 * Reads `RIGHT` or `RIGHT on NAME, NAME`, each name with `*` for any characters. Answers with a sentence where it can't be read.
 */
export function readRule (written: string): Rule | string {
  const text = written.trim()
  if (text.length > LONGEST) return `a rule has at most ${LONGEST} characters`
  const { rights, resources } = RULE.exec(text)?.groups ?? {}
  if (rights === undefined) return `"${text}" is not a right, or a right, "on" and names`
  if (!RIGHTS.test(rights)) return `"${rights}" is no right: these are like agents:deploy, agents:* or *`
  const names = resources === undefined ? [] : resources.split(',').map(name => name.trim())
  const wrong = names.find(name => name === '' || /\s/.test(name))
  if (wrong !== undefined) return wrong === '' ? 'a name between the commas is missing' : `"${wrong}" is two names without a comma between`
  return { text, rights: new Pattern(rights), resources: names.map(name => new Pattern(name)) }
}
