import { expect } from 'chai'
import { AgentLocks } from '../../../../../kernel/lifecycle/agents/agent-locks.js'
import { settled } from '../../../../support/virtual-clock.js'

describe('the locks of agents', () => {
  let locks: AgentLocks
  let happened: string[]
  let release: Array<() => void>
  const work = (name: string) => async (): Promise<string> => {
    happened.push(`${name} begins`)
    await new Promise<void>(resolve => release.push(resolve))
    happened.push(`${name} ends`)
    return name
  }

  beforeEach(() => {
    locks = new AgentLocks()
    happened = []
    release = []
  })

  it('let one thing happen to an agent at a time, in the order of the calls', async () => {
    const all = Promise.all([locks.run('a', work('first')), locks.run('a', work('second'))])
    await settled()
    expect(happened).to.deep.equal(['first begins'])
    release[0]?.()
    await settled()
    release[1]?.()
    expect(await all).to.deep.equal(['first', 'second'])
    expect(happened).to.deep.equal(['first begins', 'first ends', 'second begins', 'second ends'])
  })

  it('keep nobody from another agent', async () => {
    const all = Promise.all([locks.run('a', work('a')), locks.run('b', work('b'))])
    await settled()
    expect(happened).to.deep.equal(['a begins', 'b begins'])
    for (const end of release) end()
    await all
  })

  it('are given on when the work fails', async () => {
    const failing = locks.run('a', async () => { throw new Error('broken') }).catch((error: Error) => error.message)
    const next = locks.run('a', async () => 'done')
    expect([await failing, await next]).to.deep.equal(['broken', 'done'])
  })
})
