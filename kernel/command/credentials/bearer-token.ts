import { Secret } from '../../contract/config.js'
import { CommandCredentialInvalid } from '../command-errors.js'

const LONGEST = 16_384

/** A key or token that fits a header; spaces and line ends around it are none of it. Throws `COMMAND_CREDENTIAL_INVALID`. */
export function bearerToken (text: string, place: string): Secret {
  const token = text.trim()
  const problem = problemOf(token)
  if (problem !== undefined) throw CommandCredentialInvalid({ place, problem })
  return new Secret(token)
}

function problemOf (token: string): string | undefined {
  if (token === '') return 'it is empty'
  if (token.length > LONGEST) return `it has more than ${LONGEST} characters`
  return /^[\x21-\x7e]+$/.test(token) ? undefined : 'it is not one word of ASCII letters, digits and signs'
}
