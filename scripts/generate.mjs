// npm run generate: writes what is committed but made from other files. With --check it only says what is out of date.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { environmentWithCommands, giveUp, inProject, isStarted, root } from './project.mjs'
import { filesBelow } from './sources.mjs'

const BUF_CONFIG = 'scripts/proto/buf.yaml'
/** How code is made from the protobuf files of each folder: a plugin's own takes the kernel's messages from the contract. */
const BUF_TEMPLATES = [
  ['kernel/contract/proto/caxton', 'scripts/proto/buf.gen.yaml'],
  ['plugins/authz-rbac/proto/caxton', 'scripts/proto/authorization.gen.yaml'],
  ['plugins/auth-api-key/proto/caxton', 'scripts/proto/api-keys.gen.yaml'],
  ['plugins/cluster-swim/proto/caxton', 'scripts/proto/cluster-keys.gen.yaml'],
  ['plugins/audit-log/proto/caxton', 'scripts/proto/audit.gen.yaml'],
  ['plugins/tasks-contract-net/proto/caxton', 'scripts/proto/tasks.gen.yaml'],
  ['plugins/tools-mcp/proto/caxton', 'scripts/proto/tools.gen.yaml'],
  ['plugins/telemetry-local/proto/caxton', 'scripts/proto/telemetry.gen.yaml'],
]
/** Each of these writes its reference, or with `--check` fails and says which file is out of date. */
const REFERENCES = [
  'config-schema.mjs', 'cli-reference.mjs', 'error-reference.mjs', 'plugins-reference.mjs', 'protocols-reference.mjs', 'message-schema.mjs',
  'rights-reference.mjs', 'configuration-reference.mjs',
]

/** Runs a command in the repository; its exit code and what it said. */
export function run (command, args) {
  const { status, stdout, stderr, error } = spawnSync(command, args,
    { cwd: root, env: environmentWithCommands(), encoding: 'utf8', maxBuffer: 64 << 20 })
  return { ok: status === 0, output: `${stdout ?? ''}${stderr ?? ''}${error?.message ?? ''}`.trim() }
}

export const bufLint = () => run('buf', ['lint', '--config', BUF_CONFIG])

/** Generates the code for the protobuf files below `folder`. */
function bufGenerate (folder) {
  for (const [path, template] of BUF_TEMPLATES) {
    const answer = run('buf', ['generate', '--config', BUF_CONFIG, '--template', template, '--path', path, '-o', folder])
    if (!answer.ok) return answer
  }
  return { ok: true, output: '' }
}

/** What would change in the repository: generated files that differ, are missing, or have lost their source. */
export function differences (fresh, committed, read) {
  const named = new Set([...fresh, ...committed])
  return [...named].flatMap(path => {
    if (!committed.includes(path)) return [`${path} is missing`]
    if (!fresh.includes(path)) return [`${path} is not made from anything any more`]
    return read('fresh', path) === read('committed', path) ? [] : [`${path} is out of date`]
  })
}

function checkProtobuf () {
  const folder = mkdtempSync(join(tmpdir(), 'caxton-generate-'))
  try {
    const { ok, output } = bufGenerate(folder)
    if (!ok) return [output]
    const committed = ['kernel', 'plugins'].flatMap(name => filesBelow(name, /_pb\.ts$/))
    const fresh = ['kernel', 'plugins'].flatMap(name => filesBelow(name, /_pb\.ts$/, folder))
    const read = (side, path) => readFileSync(join(side === 'fresh' ? folder : root, path), 'utf8')
    return differences(fresh, committed, read)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function runReferences (args) {
  return REFERENCES.filter(script => existsSync(inProject('scripts', script))).flatMap(script => {
    // One that does not know --check would write although it should only look.
    const text = readFileSync(inProject('scripts', script), 'utf8')
    if (args.length > 0 && !/--check|keepDocument/.test(text)) return [`scripts/${script} does not know --check`]
    const { ok, output } = run(process.execPath, [inProject('scripts', script), ...args])
    return ok ? [] : [`scripts/${script} ${args.join(' ')}: ${output}`]
  })
}

/** One sentence for each generated file that is not what its source gives now. Touches nothing; needs a fresh build. */
export const staleFiles = () => [...checkProtobuf(), ...runReferences(['--check'])]

async function generate () {
  const problems = [bufLint(), bufGenerate('.')].filter(({ ok }) => !ok).map(({ output }) => output)
  if (problems.length > 0) return problems
  // The references are made from compiled code, which now may contain new generated files.
  const { build } = await import('./build.mjs')
  build()
  return runReferences([])
}

if (isStarted(import.meta.url)) {
  try {
    const { prepare } = await import('./setup.mjs')
    await prepare()
    const isCheck = process.argv.includes('--check')
    const problems = isCheck ? staleFiles() : await generate()
    for (const problem of problems) console.error(problem)
    if (isCheck && problems.length > 0) console.error('Run:  npm run generate')
    process.exitCode = problems.length > 0 ? 1 : 0
  } catch (error) {
    giveUp(error)
  }
}
