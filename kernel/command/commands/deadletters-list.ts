import type { Column, CommandContext, RunCommand } from '../../contract/command.js'
import { DeadLetters, ListDeadLettersResponseSchema, type DeadLetter } from '../../contract/proto/caxton/v1/deadletters_pb.js'
import { wholeNumber } from '../line/values.js'
import { contentText, jsonOf } from './answer-data.js'
import { filterOf } from './deadletter-filter.js'
import { letterJson } from './deadletter-json.js'
import { option } from './input-words.js'
import { momentText } from './moment-text.js'
import { askServer } from './server-call.js'

/** `caxton deadletters list` */
export const run: RunCommand = async context => {
  const { input, terminal } = context
  const limit = wholeNumber('`--limit`', option(input, 'limit') ?? '100', 1, 100_000)
  const { letters, answer } = await lettersOf(context, limit)
  const { next: _, ...data } = jsonOf(ListDeadLettersResponseSchema, answer)
  terminal.table(letters, COLUMNS, { ...data, letters: letters.map(letterJson) })
  if (terminal.output === 'human') {
    terminal.say(`${letters.length} shown, ${answer.kept} kept, ${answer.counted} since the server started`)
  }
  return 0
}

/** The newest that are meant, page by page. */
async function lettersOf (context: CommandContext, limit: number) {
  const filter = filterOf(context.input)
  const letters: DeadLetter[] = []
  for (let page = ''; ;) {
    context.signal.throwIfAborted()
    const answer = await askServer(context, DeadLetters.method.list, { filter, page, limit: Math.min(1_000, limit - letters.length) })
    letters.push(...answer.letters.slice(0, limit - letters.length))
    page = answer.next
    if (page === '' || letters.length >= limit) return { letters, answer }
  }
}

const COLUMNS: ReadonlyArray<Column<DeadLetter>> = [
  { heading: 'ID', text: letter => letter.id },
  { heading: 'TIME', text: letter => momentText(letter.at) },
  { heading: 'REASON', text: letter => letter.reason },
  { heading: 'FROM', text: letter => letter.message?.sender ?? '' },
  { heading: 'TO', text: letter => letter.message?.receiver ?? '' },
  { heading: 'ACT', text: letter => letter.message?.performative ?? '' },
  { heading: 'CONTENT', text: letter => letter.message === undefined ? '' : contentText(letter.message) },
]
