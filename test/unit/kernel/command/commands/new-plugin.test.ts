import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import type { NewFolder } from '../../../../../kernel/contract/index.js'
import { run } from '../../../../../kernel/command/commands/new-plugin.js'
import { codeOf } from '../../../../support/code-of.js'
import { REPOSITORY } from '../../../../support/docs/markdown.js'

type Tables = Readonly<Record<string, Readonly<Record<string, string>>>>

/** What the command asks its host to make, without making it. */
async function asked (name: string): Promise<{ readonly folder: NewFolder | undefined, readonly said: string }> {
  let [folder, said]: [NewFolder | undefined, string] = [undefined, '']
  const absent = (): never => { throw new Error('is not used') }
  await run({
    input: { arguments: { NAME: [name] }, options: {} },
    words: { duration: absent, wholeNumber: absent, content: absent },
    terminal: {
      output: 'human', interactive: false, table: absent, item: absent, progress: absent,
      record: () => {}, say: sentence => { said = sentence },
    },
    connect: absent, signal: new AbortController().signal, clock: { now: absent, elapsed: absent, after: absent },
    environment: {}, workingFolder: '/work',
    makeFolder: async wanted => {
      folder = wanted
      return join('/work', wanted.name)
    },
  })
  return { folder, said }
}

describe('caxton new plugin', () => {
  it('takes the template of the seam that the name begins with, over what every plugin has', async () => {
    const lasts: string[] = []
    for (const name of ['auth-door', 'admission-quiet', 'protocol-haggle', 'store-paper', 'clock-tower']) {
      lasts.push((await asked(name)).folder?.templates.map(url => url.split('/').at(-2)).join(' ') ?? '')
    }
    expect(lasts).to.deep.equal(['every auth', 'every admission', 'every protocol', 'every other', 'every other'])
  })

  it('fills in the name in the forms that code has', async () => {
    expect((await asked('auth-front-door2')).folder?.words).to.include(
      { name: 'auth-front-door2', how: 'front-door2', class: 'AuthFrontDoor2', variable: 'authFrontDoor2' })
  })

  it('says what to type next', async () => {
    expect((await asked('auth-door')).said).to.include('cd auth-door').and.include('npm test').and.include('npm start')
  })

  const refused = ['', 'auth', 'Auth-door', 'auth_door', '../auth-x', 'auth-', '-auth', '1-door', 'auth-door\n', `auth-${'x'.repeat(60)}`]
  for (const name of refused) {
    it(`refuses the name ${JSON.stringify(name.slice(0, 12))}`, async () => {
      expect(await codeOf(asked(name))).to.equal('NEW_PLUGIN_NAME_INVALID')
    })
  }

  it('depends on the tools that Caxton itself uses', () => {
    const devDependencies = (file: string): Readonly<Record<string, string>> =>
      (JSON.parse(readFileSync(join(REPOSITORY, file), 'utf8')) as Tables)['devDependencies'] ?? {}
    const own = devDependencies('package.json')
    for (const tool of ['typescript', '@types/node']) {
      expect(devDependencies('kernel/command/templates/plugin/every/package.json.txt')[tool], tool).to.equal(own[tool])
      expect(devDependencies('examples/plugins/auth-ticket/package.json')[tool], tool).to.equal(own[tool])
    }
  })
})
