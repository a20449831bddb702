import { Secret } from '../../contract/index.js'
import { REDACTED } from '../../observability/log-redaction.js'

/** What is shorter would be found everywhere. */
const SHORTEST = 4

/** The texts of all secrets of a configuration, as they are written and as JSON writes them; the longest first. */
export function secretsOf (configuration: unknown): string[] {
  const found = new Set<string>()
  gather(configuration, found)
  return [...found].filter(text => text.length >= SHORTEST).sort((a, b) => b.length - a.length)
}

/** Takes secrets out of a text, wherever they stand. */
export const withoutSecrets = (text: string, secrets: readonly string[]): string =>
  secrets.reduce((clean, secret) => clean.replaceAll(secret, REDACTED), text)

function gather (value: unknown, found: Set<string>): void {
  if (value instanceof Secret) {
    const text = value.reveal()
    found.add(text).add(JSON.stringify(text).slice(1, -1))
  } else if (typeof value === 'object' && value !== null) {
    for (const each of Object.values(value)) gather(each, found)
  }
}
