import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

/** The folder of the repository, with a slash at its end. */
export const root = fileURLToPath(new URL('..', import.meta.url))

/** A path inside the repository. */
export const inProject = (...parts) => join(root, ...parts)

/** Whether a script was named on the command line, rather than imported by another one. */
export const isStarted = url => process.argv[1] !== undefined && url === pathToFileURL(process.argv[1]).href

/** The JavaScript file behind a command of an installed package, to be run by this very Node. */
export function commandOf (packageName, command) {
  const manifest = inProject('node_modules', packageName, 'package.json')
  const { bin } = createRequire(import.meta.url)(manifest)
  return join(dirname(manifest), typeof bin === 'string' ? bin : bin[command ?? packageName])
}

/** The environment in which the installed commands, and this Node, come first on the path. */
export function environmentWithCommands (environment = process.env) {
  const separator = process.platform === 'win32' ? ';' : ':'
  const folders = [dirname(process.execPath), inProject('node_modules', '.bin'), environment.PATH ?? '']
  return { ...environment, PATH: folders.join(separator) }
}

/** Ends the script with a sentence and its remedy instead of a stack. */
export function giveUp (error) {
  if (error instanceof Complaint) console.error(`\n${error.message}\n${error.remedy}`)
  else console.error(error)
  process.exit(1)
}

/** A failure that its reader can do something about. */
export class Complaint extends Error {
  constructor (sentence, remedy) {
    super(sentence)
    this.remedy = remedy
  }
}
