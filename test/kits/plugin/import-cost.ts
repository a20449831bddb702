import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)
/** Milliseconds after which a process that does not end by itself is ended. */
const PATIENCE = 15_000

/** What importing a plugin's module did to a fresh process. */
export interface ImportCost {
  /** Modules that were loaded, as URLs. */
  readonly loaded: readonly string[]
  /** Modules that its `main` loads in addition. */
  readonly loadedByMain: readonly string[]
  /** What was open afterwards. */
  readonly open: readonly string[]
  /** Globals and listeners of the process that were not there before. */
  readonly added: readonly string[]
}

/** What Node has open for a moment after it has read files. */
const PASSING = ['CloseReq', 'FSReqPromise', 'FSReqCallback', 'TickObject', 'Immediate', 'FileHandle', 'TTYWrap', 'PipeWrap']

const PROGRAM = `
import { Session } from 'node:inspector'
const url = process.argv[1]
const loaded = new Set()
const session = new Session()
session.connect()
session.on('Debugger.scriptParsed', ({ params }) => {
  if (params.url.startsWith('file:')) loaded.add(params.url)
  else if (params.url.startsWith('/')) loaded.add('file://' + params.url)
})
session.post('Debugger.enable')
loaded.clear()
const globals = new Set(Reflect.ownKeys(globalThis))
const listeners = new Map(process.eventNames().map(name => [name, process.listenerCount(name)]))
const face = await import(url)
const added = [
  ...Reflect.ownKeys(globalThis).filter(name => !globals.has(name)).map(name => 'global ' + String(name)),
  ...process.eventNames().filter(name => process.listenerCount(name) > (listeners.get(name) ?? 0))
    .map(name => 'listener for ' + String(name)),
]
const left = process.getActiveResourcesInfo().filter(name => !${JSON.stringify(PASSING)}.includes(name))
const before = [...loaded]
const lazy = typeof face.default?.main === 'function'
if (lazy) await face.default.main()
const byMain = [...loaded].filter(each => !before.includes(each))
session.disconnect()
process.stdout.write(JSON.stringify({ loaded: before, loadedByMain: byMain, open: left, added }))
`

/** Imports a module in a process of its own. Rejects when the process does not end by itself. */
export async function importCost (module: URL): Promise<ImportCost> {
  // As in a server, where it is there before any plugin.
  const reflection = `--import=${import.meta.resolve('reflect-metadata')}`
  const words = [reflection, '--input-type=module', '--eval', PROGRAM, module.href]
  const { stdout } = await run(process.execPath, words, { timeout: PATIENCE, maxBuffer: 2 ** 26 })
  return JSON.parse(stdout) as ImportCost
}
