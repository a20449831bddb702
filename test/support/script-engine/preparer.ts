import { defineError, type ModulePreparer, type PreparedModule } from '../../../kernel/contract/in-shard.js'

export const ScriptRefused = defineError({
  code: 'SCRIPT_REFUSED', kind: 'invalid', meaning: 'The script is none that this engine knows.', remedy: 'Use another one.',
  sentence: (d: { script: string }) => `"${d.script}" is no script`,
})

/** Scripts with a state; what stands after a slash is a quirk of theirs. */
const KEEPING = ['counter', 'recorder', 'ledger']

/**
 * "Compiles" a script: its text is its name. `hang` never answers, `explode` ends the worker, `leave` does so a little
 * later, `numbered` tells how many were prepared before. What begins with `sound ` is said to be sound at first, whatever comes of it.
 */
export async function createPreparer (): Promise<ModulePreparer> {
  let before = 0
  return {
    async prepare (bytes, _granted, _limits, sound): Promise<PreparedModule> {
      const text = Buffer.from(bytes).toString()
      if (text.startsWith('sound ')) sound()
      const script = text.replace(/^sound /, '')
      if (script.startsWith('bad')) throw ScriptRefused({ script })
      if (script === 'hang') for (;;) Math.random()
      if (script === 'explode') process.exit(1)
      if (script === 'leave') setImmediate(() => process.exit(1))
      const artefact = script === 'numbered' ? `${script} ${before}` : script
      before += 1
      return { artefact, uses: ['send'], keepsState: KEEPING.includes(script.split('/')[0] ?? ''), codeBytes: bytes.length }
    },
  }
}
