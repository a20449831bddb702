import type { Plugin, Token } from '../../../kernel/contract/index.js'

/** A plugin as the kit sees it: its compiled module, and what it needs to run. */
export interface PluginSubject {
  /** The module whose default export is the plugin: `new URL('../dist/plugin.js', import.meta.url)`. */
  readonly module: URL
  /** Its own keys as an operator writes them: `{ retry_after: '5m' }`. Keys that have a default may be left out; ports should be 0. */
  readonly config?: Readonly<Record<string, unknown>>
  /**
   * Services that it needs, with their tokens, besides those that the kit gives: clock, randomness, facts of the node, metrics, traces,
   * security events, the catalogue of operations, the server's health, and real listeners on this machine.
   */
  readonly services?: ReadonlyArray<readonly [Token<unknown>, unknown]>
  /** Plugins that give what it needs, in the order in which they start, with the defaults of their configuration. */
  readonly beside?: readonly Plugin[]
  /** Milliseconds in which what it closed must be gone; 3000, for what the system closes in its own time. */
  readonly patience?: number
}

/** A sentence for people: it begins with a capital or with the name of a thing (`auth-mtls is on`), and ends with a point. */
export const isSentence = (text: string): boolean =>
  text.length >= 8 && /^([A-Z0-9"'`(]|[a-z]+[-_+/])/.test(text) && /[.!?)`]$/.test(text) && !text.includes('\n')

/** A sentence, or a list of words with what each means: `auto: if there is a certificate. off: never.` */
export const isExplanation = (text: string): boolean => isSentence(text) || /^[\w+-]+: [^\n]+\.$/.test(text)
