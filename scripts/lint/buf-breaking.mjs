import { execFileSync } from 'node:child_process'
import { run } from '../generate.mjs'
import { root } from '../project.mjs'

function git (...args) {
  try {
    return execFileSync('git', args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim()
  } catch {
    return ''
  }
}

/** The last release, or, before there is one, nothing: until then the interface may still change. */
const lastRelease = () => git('describe', '--tags', '--abbrev=0', '--match', 'v[0-9]*')

/** What in the protobuf files would break callers of the last release, as buf says it; or why that can't be told. */
export function breakingChanges () {
  const tag = lastRelease()
  if (tag === '') return { skipped: 'no release is tagged yet (v*)' }
  const { ok, output } = run('buf', ['breaking', '--config', 'scripts/proto/buf.yaml', '--against', `.git#tag=${tag}`,
    '--against-config', 'scripts/proto/buf.yaml'])
  return { problems: ok ? [] : output.split('\n') }
}
