import { expect } from 'chai'
import { MessageStream, progressLine } from '../../../../../kernel/command/terminal/message-stream.js'
import { TextStream } from '../../../../support/command/text-stream.js'
import { VirtualClock } from '../../../../support/virtual-clock.js'

describe('message-stream', () => {
  it('shows progress only after a second, and removes it at the end', async () => {
    const [clock, output] = [new VirtualClock(), new TextStream()]
    const result = await new MessageStream(output, clock, true).progress('Uploading', async advance => {
      advance(10, 100)
      clock.advance(999)
      expect(output.text).to.equal('')
      clock.advance(1)
      expect(output.text).to.contain('10 %')
      advance(100, 100)
      clock.advance(100)
      expect(output.text).to.contain('100 %')
      return 'done'
    })
    expect(result).to.equal('done')
    expect(output.text.endsWith('\r\x1b[K')).to.equal(true)
    expect(clock.pending).to.equal(0)
  })

  it('shows no progress when nobody looks, and clears up after a failure', async () => {
    const [clock, output] = [new VirtualClock(), new TextStream()]
    await new MessageStream(output, clock, false).progress('Uploading', async () => { clock.advance(5000) })
    expect(output.text).to.equal('')
    const failing = new MessageStream(output, clock, true).progress('Uploading', () => Promise.reject(new Error('broken')))
    expect(await failing.catch((error: unknown) => error)).to.include({ message: 'broken' })
    expect(clock.pending).to.equal(0)
  })

  it('draws a bar that stays within its ends', () => {
    expect(progressLine('Up', 50, 100)).to.equal('Up  [############------------]  50 %')
    expect(progressLine('Up', 500, 100)).to.contain('100 %')
    expect(progressLine('Up', 5, 0)).to.equal('Up ...')
  })

  it('escapes control characters in sentences but keeps their lines', () => {
    const output = new TextStream()
    new MessageStream(output, new VirtualClock(), false).say('one\x1b[2J\ntwo')
    expect(output.text).to.equal('one\\u001b[2J\ntwo\n')
  })
})
