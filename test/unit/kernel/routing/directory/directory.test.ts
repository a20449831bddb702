import { expect } from 'chai'
import { Directory, type NameEntry } from '../../../../../kernel/routing/directory/directory.js'
import {
  CALLER_HANDLE, CONDITION, FIRST_AGENT_HANDLE, HANDLES, MAIN_PLACE, RouteTable, routeTableBuffer,
} from '../../../../../kernel/routing/directory/route-table.js'

describe('the directory', () => {
  let routes: RouteTable
  let directory: Directory
  let told: Array<NameEntry | string>

  beforeEach(() => {
    told = []
    routes = new RouteTable(routeTableBuffer())
    directory = new Directory(routes, ({ added = [], removed = [] }) => told.push(...added, ...removed))
  })

  it('gives a name an address that nothing can be sent to before it has a place', () => {
    const address = directory.enter('echo')
    expect(address).to.deep.equal({ handle: FIRST_AGENT_HANDLE, generation: 1 })
    expect(routes.condition(FIRST_AGENT_HANDLE)).to.equal(CONDITION.stopped)
    directory.place(FIRST_AGENT_HANDLE, 2, 17, CONDITION.running)
    expect([routes.place(16), routes.slot(16), routes.generation(16)]).to.deep.equal([2, 17, 1])
    expect(directory.address('echo')).to.deep.equal(address)
  })

  it('tells of every change', () => {
    directory.enter('echo')
    directory.remove('echo')
    directory.remove('nobody')
    expect(told).to.deep.equal([['echo', 16, 1], 'echo'])
  })

  it('uses a handle again with the next generation, so that old addresses reach nobody', () => {
    const former = directory.enter('echo')
    directory.remove('echo')
    expect([directory.address('echo'), directory.name(16)]).to.deep.equal([undefined, undefined])
    const next = directory.enter('other')
    expect(next).to.deep.equal({ handle: 16, generation: 2 })
    expect(routes.isCurrent(16, former?.generation ?? 0)).to.equal(false)
  })

  it('begins anew with the generations of a handle before they leave their 31 bits', () => {
    routes.set(FIRST_AGENT_HANDLE, 0x7fffffff, MAIN_PLACE, 0, CONDITION.free)
    expect(directory.enter('echo')).to.deep.equal({ handle: 16, generation: 1 })
  })

  it('says so when all handles are taken, and goes on when one was given back', () => {
    for (let index = FIRST_AGENT_HANDLE; index < HANDLES; index++) directory.enter(`agent-${index}`)
    expect(directory.enter('one-too-many')).to.equal(undefined)
    expect(directory.address('one-too-many')).to.equal(undefined)
    directory.remove('agent-500')
    expect(directory.enter('next')).to.deep.equal({ handle: 500, generation: 2 })
    expect(directory.all().added).to.have.length(HANDLES - FIRST_AGENT_HANDLE)
  })

  it('gives services of the main thread names and handles before those of the agents', () => {
    const address = directory.enterService('df')
    expect(address).to.deep.equal({ handle: 2, generation: 1 })
    expect([directory.address('df'), directory.name(2)]).to.deep.equal([address, 'df'])
    expect([routes.place(2), routes.condition(2)]).to.deep.equal([MAIN_PLACE, CONDITION.running])
    expect(directory.all().added).to.deep.equal([['df', 2, 1]])
    expect(told).to.deep.equal([['df', 2, 1]])
  })

  it('knows the platform and the callers', () => {
    expect([directory.name(0), directory.name(CALLER_HANDLE)]).to.deep.equal(['caxton', 'caller'])
    expect(directory.caller).to.deep.equal({ handle: CALLER_HANDLE, generation: 1 })
    expect(directory.address('caller')).to.equal(undefined)
  })
})
