import type { Command } from '../../contract/command.js'

/** Commands for talking to agents and watching them talk. */
export const messageCommands: readonly Command[] = [
  {
    path: ['message', 'send'],
    summary: 'Sends a message to an agent.',
    options: [
      { name: 'to', value: 'AGENT', doc: 'The receiver. Needed unless `--acl` says it.' },
      {
        name: 'acl', value: 'MESSAGE',
        doc: 'The whole message in FIPA\'s string form, or as JSON; `@FILE` takes a file\'s, `-` standard input\'s. ' +
          'Answers are shown in the string form too.',
      },
      {
        name: 'to-capability', value: 'NAME',
        doc: 'In place of `--to`: an agent that offers this, if need be in a version: `sell@^1.2`.',
      },
      {
        name: 'choice', value: 'HOW',
        doc: 'Which of several that offer it: `one` (the least busy, the default), `round`, `hash` or `all`.',
      },
      { name: 'to-topic', value: 'TOPIC', doc: 'In place of `--to`: everybody who subscribes to this topic.' },
      {
        name: 'performative', short: 'p', value: 'ACT',
        doc: 'What the message does: `request` (the default), `inform`, `cfp` ...',
      },
      {
        name: 'content', short: 'c', value: 'TEXT',
        doc: 'The content; `@FILE` takes a file\'s, `-` standard input\'s, `@@...` a text that begins with @.',
      },
      { name: 'wait', short: 'w', doc: 'Waits for the answer that ends the conversation, and shows all answers.' },
      { name: 'timeout', value: 'DURATION', doc: 'How long to wait; 30s by default.' },
      {
        name: 'protocol', value: 'NAME',
        doc: 'Interaction protocol; `fipa-request` by default for a request. `none` for none.',
      },
      { name: 'conversation', value: 'ID', doc: 'Goes on with this conversation instead of opening one.' },
      { name: 'reply-by', value: 'DURATION', doc: 'How long the agent has for its answer, from now.' },
      {
        name: 'priority', value: 'LEVEL',
        doc: '`low`, `normal` (the default), `high` or `critical`: which of the waiting messages the agent gets first.',
      },
      { name: 'ttl', value: 'DURATION', doc: 'How long the message is good for something: not handed over by then, it comes back.' },
      { name: 'receipt', doc: 'Waits until the agent has handled the message, and says so; of a durable one also that it was accepted.' },
      {
        name: 'delivery', value: 'MODE',
        doc: '`at-most-once`, `at-least-once` or `exactly-once`: with the latter two the message is on disk before the command answers.',
      },
      {
        name: 'delivery-key', value: 'KEY',
        doc: 'Sent again with the same key to the same agent, the message is delivered once. At-least-once unless `--delivery` says more.',
      },
      { name: 'ontology', value: 'NAME', doc: 'What the words of the content mean.' },
      { name: 'language', value: 'NAME', doc: 'Language that the content is written in.' },
      {
        name: 'media-type', value: 'TYPE',
        doc: 'Media type of the content; by its looks application/json, text/plain or application/octet-stream.',
      },
    ],
    examples: [
      {
        type: 'caxton message send --to echo --content \'{"hello":"world"}\' --wait',
        does: 'Sends a request and shows the answers.',
      },
      {
        type: 'caxton message send --to clerk --performative inform --content @order.json',
        does: 'Tells "clerk" what stands in a file.',
      },
      {
        type: 'caxton message send --to-capability sell --choice all -p cfp -c @call.json',
        does: 'Calls on every agent that offers "sell" for a proposal.',
      },
      {
        type: 'caxton message send --to clerk -c - --wait --timeout 2m',
        does: 'Sends what comes through a pipe, and waits two minutes.',
      },
      {
        type: 'caxton message send --acl @offer.acl --wait',
        does: 'Sends a message that a file holds in FIPA\'s string form.',
      },
    ],
    module: new URL('./message-send.js', import.meta.url).href,
  },
  {
    path: ['message', 'watch'],
    summary: 'Shows messages as they are handed over.',
    arguments: [{ name: 'AGENT', doc: 'Only messages to or from these agents.', repeatable: true }],
    options: [{ name: 'acl', doc: 'Shows each message whole, in FIPA\'s string form.' }],
    examples: [
      { type: 'caxton message watch', does: 'Shows every message until Ctrl-C, a line each.' },
      {
        type: 'caxton message watch buyer seller --output json',
        does: 'Gives the messages of two agents to a program, a document a line.',
      },
    ],
    module: new URL('./message-watch.js', import.meta.url).href,
  },
]
