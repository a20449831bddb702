/** Longest topic, in characters. */
export const LONGEST_TOPIC = 255
/** Printable ASCII but for the three signs with a meaning. */
const WORD = '(?:(?![#*.])[!-~])+'
const TOPIC = new RegExp(`^(?!-)${WORD}(?:\\.${WORD})*$`)
const PATTERN = new RegExp(`^(?:#|(?!-)(?:${WORD}|\\*)(?:\\.(?:${WORD}|\\*))*(?:\\.#)?)$`)

/** Whether something can be published under this: words of printable ASCII, divided by dots. It does not begin with '-'. */
export const isTopic = (text: string): boolean => text.length <= LONGEST_TOPIC && TOPIC.test(text)

/**
 * Whether this can be subscribed to: a topic in which `*` may stand for any one word, and `#` at the end for any number of
 * them, also none.
 */
export const isTopicPattern = (text: string): boolean => text.length <= LONGEST_TOPIC && PATTERN.test(text)

/** Whether a pattern stands for everything that a topic, or another pattern, stands for. */
export function topicCovers (pattern: string, topic: string): boolean {
  const words = topic.split('.')
  const wanted = pattern.split('.')
  for (const [index, word] of wanted.entries()) {
    if (word === '#') return true
    const given = words[index]
    if (given === undefined || given === '#' || (word !== '*' && word !== given)) return false
  }
  return wanted.length === words.length
}
