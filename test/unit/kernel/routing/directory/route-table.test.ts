import { expect } from 'chai'
import { CONDITION, HANDLES, RouteTable, routeTableBuffer } from '../../../../../kernel/routing/directory/route-table.js'

describe('the route table', () => {
  it('tells every thread that shares its memory where a handle lives', () => {
    const buffer = routeTableBuffer()
    new RouteTable(buffer).set(7, 3, 255, 0xffffff, CONDITION.draining)
    const other = new RouteTable(buffer)
    expect([other.generation(7), other.place(7), other.slot(7), other.condition(7)]).to.deep.equal([3, 255, 0xffffff, CONDITION.draining])
  })

  it('knows a handle only in its present generation, and not when it is free', () => {
    const routes = new RouteTable(routeTableBuffer())
    routes.set(7, 3, 1, 0, CONDITION.running)
    expect([routes.isCurrent(7, 3), routes.isCurrent(7, 2), routes.isCurrent(7, 4)]).to.deep.equal([true, false, false])
    routes.setCondition(7, CONDITION.free)
    expect(routes.isCurrent(7, 3)).to.equal(false)
  })

  it('does not know handles that cannot be', () => {
    const routes = new RouteTable(routeTableBuffer())
    expect([0, -1, HANDLES, 0xffffffff].some(handle => routes.isCurrent(handle, 0))).to.equal(false)
  })
})
