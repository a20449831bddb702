import { expect } from 'chai'
import { HealthBoard } from '../../../../kernel/observability/health.js'

describe('health board', () => {
  it('is ready when every part is, or there is none', () => {
    const board = new HealthBoard()
    expect(board.overall()).to.deep.equal({ state: 'ready' })
    board.watch('store', () => ({ state: 'ready' }))
    expect(board.overall().state).to.equal('ready')
  })

  it('is degraded by a degraded part and by a failed one that is only useful', () => {
    const board = new HealthBoard()
    board.watch('telemetry', () => ({ state: 'failed', detail: 'the collector is gone' }), 'useful')
    board.watch('store', () => ({ state: 'degraded' }))
    expect(board.overall()).to.deep.equal({
      state: 'degraded', detail: 'store is degraded; telemetry is failed: the collector is gone',
    })
  })

  it('has failed when a vital part has, or when its check throws', () => {
    const board = new HealthBoard()
    board.watch('store', () => { throw new Error('no answer') })
    expect(board.overall()).to.deep.equal({ state: 'failed', detail: 'store is failed: no answer' })
  })

  it('is ready for work only while serving', () => {
    const board = new HealthBoard()
    expect(board.ready()).to.equal(false)
    board.enter('serving')
    expect(board.ready()).to.equal(true)
    const forget = board.watch('store', () => ({ state: 'failed' }))
    expect(board.ready()).to.equal(false)
    forget()
    expect(board.ready()).to.equal(true)
    board.enter('draining')
    expect(board.ready()).to.equal(false)
  })
})
