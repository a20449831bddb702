const { contentText } = await import('../../dist/kernel/command/commands/answer-data.js')
const { visible } = await import('../../dist/kernel/command/terminal/visible-text.js')
const { cutText, textWidth } = await import('../../dist/kernel/command/terminal/text-width.js')

const WIDTH = 80
/** Where the first and the last lifeline run. */
const FIRST = 10
const LAST = 76
/** Milliseconds without a message after which the diagram shows that time has passed. */
const PAUSE = 300
const STYLES = {
  'accept-proposal': 'green', 'inform': 'green', 'refuse': 'yellow', 'reject-proposal': 'yellow', 'failure': 'red', 'not-understood': 'red',
}

/** Draws messages one under another, as arrows between the lifelines of those who talk, 80 columns wide. */
export class SequenceDiagram {
  #begun
  #latest

  /** @param participants Two names or more, from left to right. @param paint Colours a text, or leaves it alone. */
  constructor (participants, paint) {
    const gap = (LAST - FIRST) / (participants.length - 1)
    this.columns = new Map(participants.map((name, index) => [name, Math.round(FIRST + gap * index)]))
    this.paint = paint
  }

  heading () {
    let names = ''
    for (const [name, column] of this.columns) names = names.padEnd(column - Math.floor(name.length / 2)) + name
    return [this.paint('bold', names), this.#lifelines().join('').trimEnd()]
  }

  /** The lines that show a message between two participants, as `caxton message watch` gives it. */
  lines ({ at, message, outcome }) {
    const now = Number(at)
    this.#begun ??= now
    const pause = now - (this.#latest ?? now) > PAUSE ? [this.#lifelines().join('').trimEnd()] : []
    this.#latest = now
    const seconds = ((now - this.#begun) / 1000).toFixed(1)
    return [...pause, this.#arrow(`${seconds} s`.padStart(FIRST - 2), message, outcome)]
  }

  #arrow (time, message, outcome) {
    const cells = this.#lifelines()
    const [from, to] = [this.columns.get(message.sender), this.columns.get(message.receiver)]
    const [left, right] = [Math.min(from, to), Math.max(from, to)]
    const stroke = codeOf(message) === '' ? '─' : '╌'
    for (let i = left + 1; i < right; i++) cells[i] = cells[i] === '│' ? '┼' : stroke
    const isRightward = from < to
    const isLost = outcome !== 'delivered'
    cells[from] = isRightward ? '├' : '┤'
    cells[isRightward ? to - 1 : to + 1] = isLost ? '✗' : isRightward ? '>' : '<'
    const text = ` ${cutText(labelOf(message), right - left - 5)} `
    const start = isRightward ? left + 2 : right - 1 - textWidth(text)
    cells.fill('', start, start + textWidth(text))
    cells[start] = this.paint(isLost ? 'red' : STYLES[message.performative] ?? 'cyan', text)
    return this.paint('dim', time) + cells.slice(time.length).join('').trimEnd()
  }

  #lifelines () {
    const cells = Array(WIDTH).fill(' ')
    for (const column of this.columns.values()) cells[column] = '│'
    return cells
  }
}

/** The code by which the server answers in somebody's name; empty when an agent speaks for itself. */
export function codeOf (message) {
  const { code } = membersOf(message)
  return typeof code === 'string' ? code : ''
}

/** `propose {"price":5}`; of a reason, and of what the server says, the words alone. */
function labelOf (message) {
  const { reason } = membersOf(message)
  const content = codeOf(message) || (typeof reason === 'string' ? reason : contentText(message))
  return visible(`${message.performative} ${content}`.trimEnd())
}

function membersOf (message) {
  try {
    return JSON.parse(contentText(message)) ?? {}
  } catch {
    return {}
  }
}
