import { open, type FileHandle } from 'node:fs/promises'
import { CommandFileExposed } from '../command-errors.js'
import { fileUnreadable } from '../line/file-words.js'

/** Far more than any key or token; keeps a wrong path from filling the memory. */
const MOST_BYTES = 1024 * 1024

/** The text of a file that only its owner may use. Throws `COMMAND_FILE_UNREADABLE`, `COMMAND_FILE_EXPOSED`. */
export async function readOwnFile (file: string): Promise<string> {
  let handle: FileHandle | undefined
  try {
    handle = await open(file)
    const found = await handle.stat()
    if (!found.isFile()) throw new Error('it is not a file')
    if (found.size > MOST_BYTES) throw new Error(`it has ${found.size} bytes, of at most ${MOST_BYTES}`)
    if ((found.mode & 0o077) !== 0) throw CommandFileExposed({ file, mode: (found.mode & 0o777).toString(8) })
    return await handle.readFile('utf8')
  } catch (error) {
    throw CommandFileExposed.is(error) ? error : fileUnreadable(file, error)
  } finally {
    await handle?.close()
  }
}
