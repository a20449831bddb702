import { execFile } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect } from 'chai'

const run = promisify(execFile)
const kits = readdirSync(new URL('../../../kits/', import.meta.url)).flatMap(file => /^(?!runner)([\w-]+)\.js$/.exec(file)?.[1] ?? [])

/** As a plugin's author runs them who has no mocha. */
describe('The kits on the test runner of Node', function () {
  this.timeout(60_000)
  let printed: string

  before(async () => {
    const file = fileURLToPath(new URL('../../../fixtures/kits/every-kit.js', import.meta.url))
    const words = ['--import=reflect-metadata', '--test', '--test-reporter=tap', file]
    const { NODE_OPTIONS, NODE_TEST_CONTEXT, ...env } = process.env
    printed = (await run(process.execPath, words, { env, maxBuffer: 2 ** 26 })).stdout
  })

  it('run all of them, and let good subjects pass', () => {
    const titles = kits.filter(kit => !printed.includes(`# Subtest: ${kit.replaceAll('-', ' ')} subject`))
    expect(titles, 'kits that did not run').to.deep.equal([])
    expect(printed).to.match(/^# fail 0$/m).and.not.match(/^# pass \d{1,2}$/m)
  })

  it('show what was skipped', () => {
    expect(printed).to.match(/^ +ok \d+ - .+ # SKIP/m).and.match(/^# skipped [1-9]/m)
  })
})
