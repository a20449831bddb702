import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'
import {
  readConfiguration, type Configuration, type ConfigurationSource,
} from '../../../../../kernel/lifecycle/configuration/read-configuration.js'

const packageRoot = fileURLToPath(new URL('../../../../../../', import.meta.url))

describe('reading the configuration', () => {
  let folder: string

  before(async () => { folder = await mkdtemp(path.join(tmpdir(), 'caxton-configuration-')) })
  after(async () => { await rm(folder, { recursive: true, force: true }) })

  async function read (toml: string | Uint8Array, source: Partial<ConfigurationSource> = {}): Promise<Configuration> {
    await writeFile(path.join(folder, 'caxton.toml'), toml)
    return readConfiguration({ file: 'caxton.toml', workingFolder: folder, environment: {}, sets: [], packageRoot,
      hostName: 'here', ...source })
  }

  it('takes the file, then the environment over it, then the options over both', async () => {
    const written = '[node]\nid = "n1"\nzone = "a"\n[log]\nlevel = "warn"\n[plugins.api-grpc]\n'
    const { kernel, plugins, problems, file } = await read(written, {
      environment: { CAXTON_NODE__ZONE: 'b', CAXTON_LOG__LEVEL: 'debug', CAXTON_PLUGINS__API_GRPC__ENABLED: 'false' },
      sets: ['log.level=error', 'plugins.store-memory.optional=true'],
    })
    expect(problems).to.deep.equal([])
    expect(file).to.equal(path.join(folder, 'caxton.toml'))
    expect([kernel.node.id, kernel.node.zone, kernel.log.level]).to.deep.equal(['n1', 'b', 'error'])
    expect(plugins.map(({ instance, enabled, optional }) => [instance, enabled, optional]))
      .to.deep.equal([['api-grpc', false, false], ['store-memory', true, true]])
  })

  it('reports every problem of file, variables, environment and options in one run', async () => {
    const written = '[node]\ndata_dir = "${NOPE}"\n[agnets]\n[agents]\nmax = "x"\nstrikes = 0\n' +
      '[plugins.a]\nallow = ["x"]'
    const { problems } = await read(written, {
      environment: { CAXTON_LOG__LEVEL: 'loud' }, sets: ['nothing', 'node.idd=1'],
    })
    expect(problems.map(({ code, path: at }) => `${code} ${at ?? ''}`)).to.deep.equal([
      'CONFIG_VARIABLE_MISSING node.data_dir', 'CONFIG_SETTING_MALFORMED ', 'CONFIG_UNKNOWN_KEY agnets',
      'CONFIG_UNKNOWN_KEY node.idd',
      'CONFIG_INVALID log.level', 'CONFIG_INVALID agents.max', 'CONFIG_INVALID agents.strikes',
      'CONFIG_INVALID plugins.a.allow[0]'])
    expect(problems[2]?.message).to.contain('did you mean "agents"?')
    expect(problems[3]?.message).to.contain('set by --set node.idd').and.contain('did you mean "id"?')
    expect(problems[4]?.message).to.contain('(set by CAXTON_LOG__LEVEL)')
  })

  it('names a file that is not there, one that is a folder, and one that is far too large', async () => {
    const named = async (file: string): Promise<Array<[string, string]>> =>
      (await read('', { file })).problems.map(({ code, message }) => [code, message])
    expect(await named('nope.toml')).to.deep.equal([['CONFIG_FILE_NOT_FOUND',
      `there is no configuration file ${path.join(folder, 'nope.toml')}`]])
    expect(await named('.')).to.deep.equal([['CONFIG_FILE_UNREADABLE', `cannot read the configuration file ${folder}`]])
    expect((await read(new Uint8Array(1024 * 1024 + 1).fill(35))).problems.map(({ code }) => code))
      .to.deep.equal(['CONFIG_FILE_UNREADABLE'])
  })

  it('still has defaults for the kernel when the file can\'t be parsed', async () => {
    const { kernel, problems } = await read('[node\n')
    expect(problems.map(({ code }) => code)).to.deep.equal(['CONFIG_SYNTAX'])
    expect(kernel.agents.max).to.equal(10_000)
  })

  it('reads the packaged development configuration when no file is named, relative to the working folder', async () => {
    const { file, kernel, problems, packaged, plugins } =
      await readConfiguration({ environment: {}, sets: [], packageRoot, workingFolder: folder })
    expect(problems).to.deep.equal([])
    expect([packaged, file, kernel.node.data_dir])
      .to.deep.equal([true, path.join(packageRoot, 'config', 'dev.toml'), path.join(folder, '.caxton')])
    expect(plugins.map(({ instance }) => instance))
      .to.deep.equal([
        'engine-wasm', 'store-sqlite', 'identity-files', 'protocol-request', 'protocol-query', 'protocol-propose', 'protocol-subscribe',
        'protocol-contract-net', 'protocol-iterated-contract-net', 'tasks-contract-net', 'tools-mcp', 'state-sqlite', 'state',
        'telemetry-local', 'api-grpc', 'telemetry-prometheus',
      ])
    const moved = await readConfiguration({ environment: { CAXTON_DATA_DIR: '/data' }, sets: [], packageRoot,
      workingFolder: folder })
    expect(moved.kernel.node.data_dir).to.equal('/data')
  })
})
