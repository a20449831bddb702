import { setFlagsFromString } from 'node:v8'

/** Bytes of code to which V8 may let a function grow by putting what it calls in the place of the call (decision 0019). */
const INLINED = 4_600
/** The first version of V8 that counts calls, not bytes of code, before it optimizes a function, and does not know the flag for these. */
const COUNTS_CALLS = 12
/**
 * Bytes of code that a function runs through before V8 asks whether to optimize it: six times what it takes by itself (decision 0025).
 */
const PATIENCE = 400_000

/** Has V8 compile the code of a server as befits one whose threads share few cores with V8's own. For all threads of the process. */
export function setServerCompiler (): void {
  for (const flag of serverCompilerFlags(process.versions.v8)) setFlagsFromString(flag)
}

/** The flags for that, as a version of V8 knows them. */
export function serverCompilerFlags (version: string): readonly string[] {
  const inlining = `--max-inlined-bytecode-size-cumulative=${INLINED}`
  return Number.parseInt(version, 10) < COUNTS_CALLS ? [inlining, `--interrupt-budget=${PATIENCE}`] : [inlining]
}
