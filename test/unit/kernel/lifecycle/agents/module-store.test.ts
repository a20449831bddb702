import { expect } from 'chai'
import type { Change, Store } from '../../../../../kernel/contract/index.js'
import { ModuleStore } from '../../../../../kernel/lifecycle/agents/module-store.js'

const MODULE = { hash: 'abc', bytes: Uint8Array.of(1, 2, 3) }
const AGENT: Change = { put: 'agents', key: 'echo', value: Uint8Array.of(9) }
const PUT: Change = { put: 'modules', key: 'abc', value: MODULE.bytes }
const DELETE: Change = { delete: 'modules', key: 'abc' }

describe('the store of modules', () => {
  let commits: Change[][]
  let settle: Array<(error?: Error) => void>
  let store: ModuleStore

  beforeEach(() => {
    commits = []
    settle = []
    const disk: Pick<Store, 'commit' | 'get'> = {
      commit: changes => new Promise((resolve, reject) => {
        commits.push([...changes])
        settle.push(error => error === undefined ? resolve() : reject(error))
      }),
      get: async () => undefined,
    }
    store = new ModuleStore(disk)
  })

  /** Commits, and waits until it is done. */
  const committed = async (needed?: typeof MODULE, unused?: string): Promise<void> => {
    const done = store.commit([AGENT], needed, unused)
    settle.at(-1)?.()
    await done
  }

  it('writes each module once, with the first agent that needs it', async () => {
    await committed(MODULE)
    await committed(MODULE)
    expect(commits).to.deep.equal([[AGENT, PUT], [AGENT]])
  })

  it('writes it for each that needs it until it is there', async () => {
    const first = store.commit([AGENT], MODULE)
    const second = store.commit([AGENT], MODULE)
    for (const done of settle) done()
    await Promise.all([first, second])
    expect(commits).to.deep.equal([[AGENT, PUT], [AGENT, PUT]])
  })

  it('writes it again when it could not be written', async () => {
    const failing = store.commit([AGENT], MODULE)
    settle.at(-1)?.(new Error('full'))
    expect(await failing.catch((error: Error) => error.message)).to.equal('full')
    await committed(MODULE)
    expect(commits.at(-1)).to.deep.equal([AGENT, PUT])
  })

  it('writes it again after it was deleted', async () => {
    await committed(MODULE)
    await committed(undefined, 'abc')
    await committed(MODULE)
    expect(commits.slice(1)).to.deep.equal([[AGENT, DELETE], [AGENT, PUT]])
  })

  it('writes it again when it was to be deleted while it was being written', async () => {
    const writing = store.commit([AGENT], MODULE)
    const deleting = store.commit([], undefined, 'abc')
    for (const done of settle) done()
    await Promise.all([writing, deleting])
    await committed(MODULE)
    expect(commits.at(-1)).to.deep.equal([AGENT, PUT])
  })

  it('takes nothing from a module that another one follows in the same commit', async () => {
    await committed(MODULE)
    await committed({ hash: 'new', bytes: Uint8Array.of(4) }, 'abc')
    await committed({ hash: 'new', bytes: Uint8Array.of(4) })
    expect(commits.slice(1)).to.deep.equal([
      [AGENT, { put: 'modules', key: 'new', value: Uint8Array.of(4) }, DELETE], [AGENT],
    ])
  })
})
