import { expect } from 'chai'
import { ClockToken, inject, injectable, RandomToken, type Clock, type Plugin, type Random } from '../../../../kernel/contract/index.js'
import { tryPlugin } from '../../../../kernel/index.js'
import { QuietContext } from '../../../support/quiet-context.js'
import { strangerService } from '../../../support/stranger-service.js'

@injectable()
class Teller {
  constructor (@inject(ClockToken) readonly clock: Clock, @inject(RandomToken) readonly random: Random) {}
}

const teller: Plugin = {
  name: 'test-teller', summary: 'Tells.', stability: 'stable', contract: '^1.0', needs: [ClockToken, RandomToken],
  config: {
    every: { doc: 'How often.', format: 'duration', default: '5s', max: 60_000 },
    names: { doc: 'Of whom.', format: { listOf: 'string' }, default: null },
  },
  main: async () => Teller,
}
const trial = (changes: Partial<Plugin> = {}, written: object = {}) => tryPlugin({ ...teller, ...changes }, written, '/srv')

describe('A trial of a plugin', () => {
  it('reads its configuration as a server does', async () => {
    const { config, complaints } = await trial({}, { names: ['ada'] })
    expect({ config, complaints }).to.deep.equal({ config: { every: 5000, names: ['ada'] }, complaints: [] })
  })

  it('tells all that a server would refuse', async () => {
    const { complaints } = await trial({ needs: [ClockToken] }, { every: '2h', nmes: [] })
    expect(complaints.join('\n')).to.match(/every: must be at most 1m/).and.match(/nmes/).and.match(/caxton\/random@1/)
    expect(complaints).to.have.length(3)
  })

  it('tells what the command line and the index of errors would refuse', async () => {
    const command = { path: ['Tell'], summary: 'Tells.', examples: [{ type: 'caxton Tell', does: 'Tells.' }], module: 'file:///tell.js' }
    const entry = { code: 'TOLD', kind: 'invalid', meaning: 'It was told.', remedy: 'Listen.' } as const
    const { complaints } = await trial({ commands: [command], errors: [entry, entry] })
    expect(complaints.join('\n')).to.match(/command `Tell` has a word that is not lower case/).and.match(/TOLD is declared more than once/)
  })

  it('rejects what is no plugin, with everything that is wrong', async () => {
    const error: unknown = await trial({ name: 'No name', stability: 'solid' as 'stable' }).catch((cause: unknown) => cause)
    expect(String(error)).to.match(/name must be/).and.match(/stability must be/)
  })

  it('puts it together with the services that it is given', async () => {
    const { wire } = await trial()
    const { main } = wire(new QuietContext(), token => ({ id: token.id }))
    expect(main).to.deep.include({ clock: { id: ClockToken.id }, random: { id: RandomToken.id } })
  })

  it('tells which handlers its operations lack', async () => {
    const service = strangerService([{ name: 'Tell', right: 'things:tell' }, { name: 'Ask' }])
    const tried = await trial({ operations: [{ service, handlersOf: () => ({ ask: () => ({}) }) }] })
    const complaints = tried.handlerComplaints(tried.wire(new QuietContext(), token => token))
    expect(complaints.join('\n')).to.match(/Ask.*right/).and.match(/Tell/)
  })
})
