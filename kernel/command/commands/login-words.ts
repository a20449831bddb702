import type { CommandContext } from '../../contract/command.js'
import { DEFAULT_SERVER, serverAddress } from '../line/server-address.js'
import { LoginFileUnusable } from '../login/login-errors.js'
import { LoginFile, loginPlace } from '../login/login-file.js'

/** The server that the line or the environment names, as it is named in the file of logins. Throws `COMMAND_VALUE_INVALID`. */
export const serverOf = ({ environment }: CommandContext): string => serverAddress(environment['CAXTON_SERVER'] || DEFAULT_SERVER)

/** The file of logins. Throws `LOGIN_FILE_UNUSABLE` for a user without a home. */
export function loginFileOf ({ environment, clock }: CommandContext): LoginFile {
  const place = loginPlace(environment)
  if (place === undefined) throw LoginFileUnusable({ file: 'caxton/logins.json', reason: 'neither XDG_CONFIG_HOME nor HOME is set' })
  return new LoginFile(place, clock)
}
