import { mkdir, mkdtemp, readdir, readFile, realpath, rename, rm, rmdir, writeFile } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { NewFolder } from '../contract/command.js'
import { packageRoot } from '../lifecycle/package-root.js'
import { NewFolderNotWritten, NewFolderTaken } from './new-folder-errors.js'

/** Makes a folder inside `parent` from templates and returns its path. All of it is there then, or nothing. */
export async function makeFolder ({ name, templates, words }: NewFolder, parent: string): Promise<string> {
  const folder = join(parent, name)
  const hasPlace = await checkFree(folder)
  try {
    const caxton = relative(join(await realpath(parent), name), await realpath(packageRoot)).split(sep).join('/')
    const begun = await mkdtemp(join(parent, `.${name}-`))
    try {
      for (const template of templates) await copyTemplate(fileURLToPath(template), join(begun, name), { ...words, caxton })
      if (hasPlace) await rmdir(folder)
      await rename(join(begun, name), folder)
    } finally {
      await rm(begun, { recursive: true, force: true })
    }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw NewFolderNotWritten({ folder, reason }, { cause: error })
  }
  return folder
}

/** Whether the folder exists; throws when there is something in it. */
async function checkFree (folder: string): Promise<boolean> {
  try {
    const present = await readdir(folder)
    if (present.length > 0) throw NewFolderTaken({ folder })
    return true
  } catch (error) {
    if (isSystemError(error, 'ENOENT')) return false
    if (isSystemError(error, 'ENOTDIR')) throw NewFolderTaken({ folder })
    if (error instanceof Error && 'syscall' in error) throw NewFolderNotWritten({ folder, reason: error.message }, { cause: error })
    throw error
  }
}

const isSystemError = (error: unknown, code: string): boolean => error instanceof Error && 'code' in error && error.code === code

/** Copies the files of a folder and of those in it, each `{{word}}` in their names and texts replaced. */
async function copyTemplate (from: string, to: string, words: Readonly<Record<string, string>>): Promise<void> {
  const filled = (text: string): string => text.replace(/\{\{(\w+)\}\}/g, (mark, word: string) => words[word] ?? mark)
  await mkdir(to, { recursive: true })
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const source = join(from, entry.name)
    const target = join(to, filled(nameOf(entry.name)))
    if (entry.isDirectory()) await copyTemplate(source, target, words)
    else await writeFile(target, filled(await readFile(source, 'utf8')))
  }
}

const nameOf = (file: string): string => file === 'gitignore' ? '.gitignore' : file.replace(/(\.\w+)\.txt$/, '$1')
