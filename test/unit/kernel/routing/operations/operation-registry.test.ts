import { create } from '@bufbuild/protobuf'
import { expect } from 'chai'
import { Agents, isCaxtonError, Messages, Server } from '../../../../../kernel/contract/index.js'
import { OperationRegistry, serviceProblems } from '../../../../../kernel/routing/operations/operation-registry.js'
import { strangerService } from '../../../../support/stranger-service.js'

const codeOf = (action: () => unknown): string | undefined => {
  try {
    action()
  } catch (error) {
    return isCaxtonError(error) ? error.code : String(error)
  }
  return undefined
}
const answer = async (): Promise<object> => ({})
const serverHandlers = { status: answer, listPlugins: answer, metrics: answer, whoAmI: answer, stop: answer }

describe('operation registry', () => {
  it('reads right, kind and change of an operation from the descriptor', () => {
    const registry = new OperationRegistry()
    registry.add({ instance: 'kernel', service: Server, handlers: serverHandlers })
    const stop = registry.list().find(operation => operation.name === 'caxton.v1.Server/Stop')
    expect(stop).to.include({ right: 'server:manage', changes: true, method: Server.method.stop })
    expect(registry.infoOf('caxton.v1.Server/ListPlugins')).to.include({ right: 'server:read', changes: false })
  })

  it('accepts every service of the contract', () => {
    expect([Agents, Messages, Server].flatMap(serviceProblems)).to.deep.equal([])
  })

  it('takes a service from a descriptor set alone', async () => {
    const registry = new OperationRegistry()
    const service = strangerService([{ name: 'WindUp', right: 'clock:wind', changes: true }])
    registry.add({ instance: 'clock', service, handlers: { windUp: async () => ({ count: 3 }) } })
    const operation = registry.infoOf('acme.v1.Clockwork/WindUp')
    expect(operation).to.include({ right: 'clock:wind', changes: true })
    const given = await registry.handlerOf(operation.name, undefined)(create(operation.method.input), {})
    expect(given).to.deep.equal({ count: 3 })
  })

  it('refuses a method without a right', () => {
    const service = strangerService([{ name: 'Open' }, { name: 'Blank', right: '  ' }, { name: 'Fine', right: 'x:y' }])
    expect(serviceProblems(service).map(problem => problem.message)).to.deep.equal([
      'the operation "acme.v1.Clockwork/Open" names no right, so nobody could be refused',
      'the operation "acme.v1.Clockwork/Blank" names no right, so nobody could be refused',
    ])
  })

  it('refuses a method that streams in both directions', () => {
    const service = strangerService([{ name: 'Chat', right: 'x:y', takesStream: true, givesStream: true }])
    expect(serviceProblems(service).map(problem => problem.code)).to.deep.equal(['OPERATION_KIND_UNSUPPORTED'])
  })

  it('refuses a service that lacks a handler, and registers none of it', () => {
    const registry = new OperationRegistry()
    const contribution =
      { instance: 'kernel', service: Server, handlers: { ...serverHandlers, listPlugins: undefined } }
    expect(registry.problems(contribution).map(problem => problem.code)).to.deep.equal(['OPERATION_HANDLER_MISSING'])
    expect(codeOf(() => { registry.add(contribution) })).to.equal('OPERATION_HANDLER_MISSING')
    expect(registry.list()).to.deep.equal([])
  })

  it('refuses two plugins with one service name, and one instance twice', () => {
    const registry = new OperationRegistry()
    const add = (instance: string, service = strangerService([{ name: 'Tick', right: 'x:y' }])): void => {
      registry.add({ instance, service, handlers: { tick: answer } })
    }
    const service = strangerService([{ name: 'Tick', right: 'x:y' }])
    add('clock', service)
    expect(codeOf(() => { add('rival') })).to.equal('OPERATION_DUPLICATE')
    expect(codeOf(() => { add('clock', service) })).to.equal('OPERATION_DUPLICATE')
  })

  it('lets the caller choose among instances of one plugin', () => {
    const registry = new OperationRegistry()
    const service = strangerService([{ name: 'Tick', right: 'x:y' }])
    const operation = 'acme.v1.Clockwork/Tick'
    registry.add({ instance: 'hall', service, handlers: { tick: () => 'hall' } })
    expect(registry.handlerOf(operation, undefined)({}, {})).to.equal('hall')
    registry.add({ instance: 'tower', service, handlers: { tick: () => 'tower' } })
    expect(registry.handlerOf(operation, 'tower')({}, {})).to.equal('tower')
    expect(codeOf(() => registry.handlerOf(operation, undefined))).to.equal('OPERATION_INSTANCE_NEEDED')
    expect(codeOf(() => registry.handlerOf(operation, 'cellar'))).to.equal('OPERATION_INSTANCE_UNKNOWN')
    expect(registry.list()).to.have.length(1)
  })

  it('keeps the handlers\' own `this`', () => {
    const registry = new OperationRegistry()
    const handlers = { ticks: 5, tick (): number { return this.ticks } }
    registry.add({ instance: 'clock', service: strangerService([{ name: 'Tick', right: 'x:y' }]), handlers })
    expect(registry.handlerOf('acme.v1.Clockwork/Tick', undefined)({}, {})).to.equal(5)
  })

  it('knows nothing of an unknown operation', () => {
    expect(codeOf(() => new OperationRegistry().infoOf('a/B'))).to.equal('OPERATION_UNKNOWN')
  })
})
