import type { Column, RunCommand } from '../../contract/command.js'
import { ListDeadLettersResponseSchema, Messages, type DeadLetter } from '../../contract/proto/caxton/v1/messages_pb.js'
import { wholeNumber } from '../line/values.js'
import { contentText, jsonOf, messageJson } from './answer-data.js'
import { option } from './input-words.js'
import { momentText } from './moment-text.js'
import { askServer } from './server-call.js'

/** `caxton deadletters list` */
export const run: RunCommand = async context => {
  const { input, terminal } = context
  const limit = wholeNumber('`--limit`', option(input, 'limit') ?? '100', 1, 100_000)
  const answer = await askServer(context, Messages.method.listDeadLetters, { limit })
  terminal.table(answer.letters, COLUMNS, {
    ...jsonOf(ListDeadLettersResponseSchema, answer),
    letters: answer.letters.map(letter => ({
      at: String(letter.at),
      reason: letter.reason,
      ...(letter.message === undefined ? {} : { message: messageJson(letter.message) }),
      traceId: letter.traceId,
    })),
  })
  if (terminal.output === 'human') {
    terminal.say(`${answer.letters.length} shown, ${answer.kept} kept, ${answer.counted} since the server started`)
  }
  return 0
}

const COLUMNS: ReadonlyArray<Column<DeadLetter>> = [
  { heading: 'TIME', text: letter => momentText(letter.at) },
  { heading: 'REASON', text: letter => letter.reason },
  { heading: 'FROM', text: letter => letter.message?.sender ?? '' },
  { heading: 'TO', text: letter => letter.message?.receiver ?? '' },
  { heading: 'ACT', text: letter => letter.message?.performative ?? '' },
  { heading: 'CONTENT', text: letter => letter.message === undefined ? '' : contentText(letter.message) },
]
