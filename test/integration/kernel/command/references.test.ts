import { fileURLToPath } from 'node:url'
import { expect } from 'chai'
import { runProcess } from '../../../support/command/run-process.js'

const script = (name: string): string => fileURLToPath(new URL(`../../../../../scripts/${name}`, import.meta.url))

const REFERENCES = [
  ['docs/cli.md', 'cli-reference.mjs'], ['kernel/ERRORS.md', 'error-reference.mjs'], ['plugins/README.md', 'plugins-reference.mjs'],
  ['config/caxton.schema.json', 'config-schema.mjs'],
  ['docs/message.schema.json', 'message-schema.mjs'], ['docs/protocols.md', 'protocols-reference.mjs'],
  ['docs/rights.md', 'rights-reference.mjs'], ['docs/configuration.md', 'configuration-reference.mjs'],
] as const

describe('the generated references', function () {
  this.timeout(20_000)

  for (const [document, name] of REFERENCES) {
    it(`${document} says what the program knows (if not: node scripts/${name})`, async () => {
      expect(await runProcess(process.execPath, [script(name), '--check'])).to.deep.equal({ code: 0, stdout: '', stderr: '' })
    })
  }
})
