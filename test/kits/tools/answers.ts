import assert from 'node:assert/strict'
import { TOOL_FAILURES } from '../../../kernel/contract/index.js'
import type { KitPromise } from '../runner.js'
import { call, said, type ToolsSubject } from './subject.js'

const NAME = /^[^.\s]+\..+$/
/** Names that no tool has, and what a careless reader would make of them. */
const HOSTILE = [
  '', '.', 'x', 'x.', '.x', '__proto__.toString', 'constructor.call', 'nobody.nothing', '../a.b', '\0.\0', 'a'.repeat(100_000),
]
const TOGETHER = 5

/** What a call brings. */
export const toolsAnswerPromises: ReadonlyArray<KitPromise<ToolsSubject>> = [
  {
    name: 'lists its tools by name, each as SERVER.TOOL with what it takes',
    test: async ({ tools, echo, failing, endless }) => {
      const names = tools.list().map(({ name }) => name)
      for (const name of [echo, failing, endless]) assert.ok(names.includes(name), `${name} is not listed`)
      assert.deepEqual(names, names.toSorted(), 'not in the order of their names')
      assert.equal(new Set(names).size, names.length, 'two have one name')
      for (const { name, description, input } of tools.list()) {
        assert.match(name, NAME)
        assert.equal(typeof description, 'string')
        assert.equal(typeof input, 'object', `${name} says not what it takes`)
      }
    },
  },
  {
    name: 'gives what a tool answered',
    test: async subject => {
      for (const text of ['hello', 'zwei\nZeilen', '🗝️', '{"a":1}']) assert.equal(said(await call(subject, subject.echo, { text })), text)
    },
  },
  {
    name: 'keeps calls apart that come at the same time',
    test: async subject => {
      const texts = Array.from({ length: TOGETHER }, (_, index) => `text ${index}`)
      assert.deepEqual((await Promise.all(texts.map(text => call(subject, subject.echo, { text })))).map(said), texts)
    },
  },
  {
    name: 'hands on what a tool says of its own failure',
    test: async subject => {
      const result = await call(subject, subject.failing)
      assert.equal(said(result), 'TOOL_FAILED')
      assert.ok(!result.ok && result.details !== undefined && result.details.text !== '', 'what the tool said is missing')
    },
  },
  {
    name: 'never rejects, whatever is asked for, and says why there is no result',
    test: async subject => {
      for (const tool of HOSTILE) {
        const result = await call(subject, tool, JSON.parse('{"__proto__":{"a":1},"constructor":null}') as Record<string, unknown>)
        assert.ok(!result.ok, `"${tool.slice(0, 20)}" has a result`)
        assert.ok(TOOL_FAILURES.includes(result.code), `${result.code} is no reason of the contract`)
        assert.ok(result.reason.length > 0 && result.reason.length < 2_000, 'the reason is no sentence')
      }
      assert.equal(said(await call(subject, subject.echo, { text: 'still here' })), 'still here')
    },
  },
]
