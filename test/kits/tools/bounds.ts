import assert from 'node:assert/strict'
import type { KitPromise } from '../runner.js'
import { call, said, type ToolsSubject } from './subject.js'

/** Milliseconds after which nobody waits for the tool that never answers. */
const SOON = 50

const turn = (): Promise<void> => new Promise(resolve => { setImmediate(resolve) })

/** Who may call, and how long a call takes. */
export const toolsBoundPromises: ReadonlyArray<KitPromise<ToolsSubject>> = [
  {
    name: 'lets nobody call who may not, and tells them nothing of the tool',
    test: async subject => {
      const { stranger, echo, failing } = subject
      const caller = { agent: stranger }
      assert.equal(said(await call(subject, echo, { text: 'x' }, { caller })), 'TOOL_NOT_GRANTED')
      const refused = await call(subject, failing, {}, { caller })
      assert.ok(!refused.ok && refused.details === undefined && refused.code === 'TOOL_NOT_GRANTED')
    },
  },
  {
    name: 'stops waiting when its signal aborts, and goes on with others',
    test: async subject => {
      const ending = new AbortController()
      const asked = call(subject, subject.endless, {}, {}, ending.signal)
      await turn()
      ending.abort(new Error('nobody waits any more'))
      assert.equal(said(await asked), 'TOOL_CANCELLED')
      assert.equal(said(await call(subject, subject.echo, { text: 'next' })), 'next')
    },
  },
  {
    name: 'does not begin what nobody waits for',
    test: async subject => {
      const result = await call(subject, subject.echo, { text: 'x' }, {}, AbortSignal.abort(new Error('too late')))
      assert.equal(said(result), 'TOOL_CANCELLED')
    },
  },
  {
    name: 'gives up at the deadline',
    test: async subject => {
      assert.equal(said(await call(subject, subject.endless, {}, { deadline: Date.now() + SOON })), 'TOOL_TIMEOUT')
    },
  },
]
