import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as caxton from 'caxton-server'
import { expect } from 'chai'
import { root } from '../../../scripts/project.mjs'

const MOST_BYTES = 6 << 20
const LARGEST_FILE = 256 << 10

describe('the published package', function () {
  this.timeout(30_000)
  let cache
  let paths
  let contents

  before(() => {
    cache = mkdtempSync(join(tmpdir(), 'caxton-pack-'))
    const text = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts', '--offline', '--cache', cache],
      { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
    contents = JSON.parse(text)[0]
    paths = contents.files.map(({ path }) => path)
  })

  after(() => rmSync(cache, { recursive: true, force: true }))

  it('holds all that the program, plugin authors and agent authors need', () => {
    expect(paths).to.include.members([
      'package.json', 'LICENSE', 'CHANGELOG.md', 'config/dev.toml', 'config/caxton.schema.json',
      'dist/command-index.json', 'dist/error-index.json', 'dist/kernel/command/caxton.js', 'dist/kernel/index.js',
      'dist/kernel/index.d.ts', 'dist/kernel/contract/index.js', 'dist/kernel/lifecycle/shards/shard-worker.js',
      'dist/plugins/engine-wasm/plugin.js', 'dist/test/kits/transport.js', 'kernel/contract/proto/caxton/v1/operation.proto',
      'plugins/engine-wasm/sdk/asconfig.json', 'plugins/engine-wasm/sdk/caxton-server/message.ts',
      'plugins/engine-wasm/template/package.json', 'plugins/engine-wasm/template/gitignore',
    ])
  })

  it('holds no tests but the kits, no sources of its own, and nothing large', () => {
    const unwanted = /^(test|scripts|examples)\/|^dist\/(scripts|test\/(?!kits\/))|[.](test|tsbuildinfo|map)([.]|$)|(^|\/)[.]/
    const isOwnSource = path => path.endsWith('.ts') && !path.endsWith('.d.ts') && !path.startsWith('plugins/engine-wasm/')
    const isTemplate = path => path.startsWith('kernel/command/templates/')
    expect(paths.filter(path => !isTemplate(path) && (unwanted.test(path) || isOwnSource(path)))).to.deep.equal([])
    expect(contents.files.filter(({ size }) => size > LARGEST_FILE)).to.deep.equal([])
    expect(contents.unpackedSize).to.be.below(MOST_BYTES)
  })

  it('lets other programs start a server, check a configuration and try a plugin', () => {
    expect(Object.keys(caxton)).to.have.members(['startServer', 'checkConfiguration', 'tryPlugin'])
  })
})
