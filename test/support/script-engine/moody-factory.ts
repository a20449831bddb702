import type { GuestFactory } from '../../../kernel/contract/index.js'
import { createFactory as createScriptFactory } from './factory.js'

/** What a {@link createFactory} of this module is told. `births` counts how often it was asked, over all threads. */
export interface Moods {
  readonly births: SharedArrayBuffer
  /** Which births fail, counted from 1, and how. */
  readonly fails: Readonly<Record<number, 'throw' | 'exit'>>
}

/** The factory for scripts, but for some births: then it throws, or ends its thread without a word. */
export async function createFactory (settings: Moods): Promise<GuestFactory> {
  const birth = Atomics.add(new Int32Array(settings.births), 0, 1) + 1
  if (settings.fails[birth] === 'throw') throw new Error('no factory today')
  if (settings.fails[birth] === 'exit') process.exit(1)
  return createScriptFactory()
}
