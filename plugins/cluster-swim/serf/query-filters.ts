import type { QueryFilter, Tags } from '../wire/serf-messages.js'

const LONGEST_EXPRESSION = 128
const LONGEST_TAG = 512

/** Whether a query with these filters is for this node. A filter that can't be judged keeps it silent. */
export const isMeant = (filters: readonly QueryFilter[], node: string, tags: Tags): boolean => filters.every(filter => {
  if (filter.kind === 'nodes') return filter.nodes.includes(node)
  return filter.kind === 'tag' && matches(filter.expression, tags.get(filter.tag) ?? '')
})

/**
 * Expressions come from outside, and JavaScript's may take for ever: those with groups, or with more than two repetitions, are not
 * judged.
 */
function matches (expression: string, text: string): boolean {
  const repetitions = expression.match(/[*+?{]/g)?.length ?? 0
  if (expression.length > LONGEST_EXPRESSION || text.length > LONGEST_TAG || repetitions > 2 || expression.includes('(')) return false
  try {
    return new RegExp(expression, 'u').test(text)
  } catch {
    return false
  }
}
