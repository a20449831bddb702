import type { Command } from '../../kernel/contract/index.js'

/** Commands for having agents do something, for the plugin's `commands`. */
export const taskCommands: readonly Command[] = [
  {
    path: ['task', 'run'],
    summary: 'Has a task done by those agents whose proposals are best.',
    options: [
      { name: 'to', value: 'AGENTS', doc: 'Who is called, with commas between.', repeatable: true, required: true },
      {
        name: 'content', short: 'c', value: 'TEXT', required: true,
        doc: 'What is to be done; `@FILE` takes a file\'s content, `-` standard input\'s, `@@...` a text that begins with @.',
      },
      { name: 'deadline', value: 'DURATION', doc: 'How long the agents have for their proposals; 2s by default.' },
      { name: 'timeout', value: 'DURATION', doc: 'How long those who are awarded have for their results; 30s by default.' },
      { name: 'awards', value: 'COUNT', doc: 'To how many the task is awarded at most; 1 by default, 0 to hear proposals only.' },
      {
        name: 'choose', value: 'CHOICE',
        doc: 'Which proposals are best: `FIELD:min` or `FIELD:max`, by a number in their content; `price:min` by default.',
      },
      { name: 'protocol', value: 'NAME', doc: 'How it is negotiated: `contract-net`, the default and so far the only way.' },
      {
        name: 'media-type', value: 'TYPE',
        doc: 'Media type of the content; by its looks application/json, text/plain or application/octet-stream.',
      },
    ],
    examples: [
      {
        type: 'caxton task run --to ann,bob,eve --content \'{"deliver":"10 chairs"}\' --deadline 2s',
        does: 'Calls three agents, awards the task to the cheapest, and shows what it delivers.',
      },
      {
        type: 'caxton task run --to ann,bob,eve --content @survey.json --awards 2 --choose quality:max',
        does: 'Awards the task to the two whose proposals promise the greatest "quality".',
      },
    ],
    module: new URL('./task-run-command.js', import.meta.url).href,
  },
]
