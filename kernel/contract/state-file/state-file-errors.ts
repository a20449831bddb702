import { defineError } from '../errors.js'

export const StateFileInvalid = defineError({
  code: 'STATE_EXPORT_FILE_INVALID',
  kind: 'invalid',
  meaning: 'A file of exported state is damaged, cut off, or no such file. Nothing behind the damage was used.',
  remedy: 'Export again; a file that was only cut off (`FILE.part`) is gone on with by the same export command.',
  sentence: (d: { file: string, line: number, reason: string }) => `${d.file}, line ${d.line}: ${d.reason}`,
})

export const StateFileExists = defineError({
  code: 'STATE_EXPORT_FILE_EXISTS',
  kind: 'exists',
  meaning: 'The file to export to is there already, and is never overwritten.',
  remedy: 'Name another file, or move this one away.',
  sentence: (d: { file: string }) => `${d.file} exists`,
})

export const StateImportConflict = defineError({
  code: 'STATE_IMPORT_CONFLICT',
  kind: 'precondition',
  meaning: 'The state has a key already that is to be imported, with another value. What came before it in the file is imported.',
  remedy: 'Say what becomes of such keys: `--existing keep` or `--existing overwrite`. `caxton state verify FILE` shows how many there '
    + 'are.',
  sentence: (d: { key: string }) => `"${d.key}" is there already, with another value`,
})

export const StateImportInvalid = defineError({
  code: 'STATE_IMPORT_INVALID',
  kind: 'invalid',
  meaning: 'An entry that is to be imported has a key that the state tool could never reach, or a value that is no JSON. What came before '
    + 'it is imported.',
  remedy: 'Keys begin with `agents/NAME/`, `principals/NAME/` or `shared/SPACE/`. Mend the program that wrote the file.',
  sentence: (d: { key: string, reason: string }) => `"${d.key}" ${d.reason}`,
})

export const stateFileErrors = [StateFileInvalid, StateFileExists, StateImportConflict, StateImportInvalid] as const
