// Writes kernel/ERRORS.md from the error index; with --check it only says whether the file is up to date.
import { keepDocument } from './keep-document.mjs'

const dist = new URL('../dist/kernel/command/', import.meta.url)
const { readErrorIndex } = await import(new URL('index/command-index.js', dist).href)
const { exitCodeOf } = await import(new URL('exit-codes.js', dist).href)
const { CaxtonError } = await import(new URL('../contract/errors.js', dist).href)

const errors = await readErrorIndex()
const sources = ['kernel', ...new Set(errors.map(({ from }) => from).filter(from => from !== 'kernel'))].sort((a, b) =>
  Number(b === 'kernel') - Number(a === 'kernel') || (a < b ? -1 : 1))

await keepDocument('kernel/ERRORS.md', [
  '# Errors', '',
  '<!-- Written by scripts/error-reference.mjs; change the error tables, not this file. -->', '',
  'Codes are stable: programs may rely on them. `caxton explain CODE` shows the same.', '',
  ...sources.flatMap(source => [
    `## ${source === 'kernel' ? 'Kernel' : `Plugin ${source}`}`, '',
    ...errors.filter(({ from }) => from === source).flatMap(({ code, kind, meaning, remedy }) => [
      `### ${code}`, '',
      `${meaning} ${remedy}`, '',
      `Kind \`${kind}\`, exit code ${exitCodeOf(new CaxtonError(code, kind, '', {}, ''))}.`, '',
    ]),
  ]),
])
