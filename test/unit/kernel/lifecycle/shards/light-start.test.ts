import { expect } from 'chai'
import { readFileSync } from 'node:fs'
import { parseSync } from 'oxc-parser'

/** Packages that a compiled module imports when it is loaded, itself and by all that it imports. */
function packagesOf (module: URL, seen = new Set<string>()): string[] {
  if (seen.has(module.href)) return []
  seen.add(module.href)
  const { staticImports, staticExports } = parseSync(module.pathname, readFileSync(module, 'utf8')).module
  const exported = staticExports.flatMap(({ entries }) => entries.flatMap(({ moduleRequest }) => moduleRequest?.value ?? []))
  return [...staticImports.map(({ moduleRequest }) => moduleRequest.value), ...exported].flatMap(name =>
    name.startsWith('.') ? packagesOf(new URL(name, module), seen) : [name])
}

const compiled = (path: string): URL => new URL(`../../../../../${path}`, import.meta.url)

describe('the threads that agents run in', () => {
  // Loading the generated messages would double the time until a thread that hung is there again: import contract/in-shard.js.
  for (const module of [
    'kernel/lifecycle/shards/shard-worker.js', 'kernel/lifecycle/agents/deploy-worker.js',
    'plugins/engine-wasm/guest-factory.js', 'plugins/engine-wasm/module-preparer.js',
  ]) {
    it(`start without a package: ${module}`, () => {
      expect(packagesOf(compiled(module)).filter(name => !name.startsWith('node:'))).to.deep.equal([])
    })
  }

  // They last as long as the server does, and would take five MiB more each.
  for (const module of ['plugins/store-sqlite/database-worker.js', 'plugins/state-sqlite/state-worker.js']) {
    it(`have databases beside them that start without the messages: ${module}`, () => {
      expect(new Set(packagesOf(compiled(module)).filter(name => !name.startsWith('node:')))).to.deep.equal(new Set(['better-sqlite3']))
    })
  }

  it('are not the only ones to take the contract', () => {
    expect(packagesOf(compiled('kernel/contract/index.js'))).to.include('@bufbuild/protobuf')
  })
})
