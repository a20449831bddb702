import { readFile, writeFile } from 'node:fs/promises'
import process from 'node:process'

/** Writes the lines of a generated document; with --check on the command line, fails if the file differs instead. */
export async function keepDocument (path, lines) {
  const file = new URL(`../${path}`, import.meta.url)
  const text = `${lines.join('\n').trimEnd()}\n`
  if (!process.argv.includes('--check')) return await writeFile(file, text)
  const kept = await readFile(file, 'utf8').catch(() => '')
  if (kept === text) return
  console.error(`${path} is not up to date. Run: node ${process.argv[1]}`)
  process.exitCode = 1
}
