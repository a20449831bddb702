import { mkdir, mkdtemp, readdir, readFile, realpath, rename, rm, rmdir, writeFile } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { NewAgentFolderTaken, NewAgentNameInvalid, NewAgentNotWritten } from './new-agent-errors.js'

/** The folder of this package, seen from the compiled file in dist/plugins/engine-wasm. */
const CAXTON = fileURLToPath(new URL('../../../', import.meta.url))
const NAME = /^[a-z0-9][a-z0-9._-]{0,63}$/
/** npm leaves a `.gitignore` out of packages, so the template's has no dot. */
const RENAMED: Readonly<Record<string, string>> = { gitignore: '.gitignore' }

/**
 * Makes the folder of a new agent inside `parent` from the template and returns its path. All of it is there then, or
 * nothing. Throws `NEW_AGENT_NAME_INVALID`, `NEW_AGENT_FOLDER_TAKEN`, `NEW_AGENT_NOT_WRITTEN`.
 */
export async function makeAgentFolder (name: string, parent: string): Promise<string> {
  if (!NAME.test(name)) throw NewAgentNameInvalid({ name })
  const folder = join(parent, name)
  const emptyFolder = await checkFree(folder)
  try {
    const caxton = relative(join(await realpath(parent), name), await realpath(CAXTON)).split(sep).join('/')
    const begun = await mkdtemp(join(parent, `.${name}-`))
    try {
      const template = join(CAXTON, 'plugins', 'engine-wasm', 'template')
      await copyTemplate(template, join(begun, name), { name, caxton })
      if (emptyFolder) await rmdir(folder)
      await rename(join(begun, name), folder)
    } finally {
      await rm(begun, { recursive: true, force: true })
    }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw NewAgentNotWritten({ folder, reason }, { cause: error })
  }
  return folder
}

/** Whether the folder exists; throws when there is something in it. */
async function checkFree (folder: string): Promise<boolean> {
  try {
    const present = await readdir(folder)
    if (present.length > 0) throw NewAgentFolderTaken({ folder })
    return true
  } catch (error) {
    if (isSystemError(error, 'ENOENT')) return false
    if (isSystemError(error, 'ENOTDIR')) throw NewAgentFolderTaken({ folder })
    if (error instanceof Error && 'syscall' in error) {
      throw NewAgentNotWritten({ folder, reason: error.message }, { cause: error })
    }
    throw error
  }
}

const isSystemError = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code

/** Copies the files of a folder, each `{{word}}` replaced. */
async function copyTemplate (from: string, to: string, words: Readonly<Record<string, string>>): Promise<void> {
  await mkdir(to)
  for (const file of await readdir(from)) {
    const text = await readFile(join(from, file), 'utf8')
    const filled = text.replace(/\{\{(\w+)\}\}/g, (mark, word: string) => words[word] ?? mark)
    await writeFile(join(to, RENAMED[file] ?? file), filled)
  }
}
