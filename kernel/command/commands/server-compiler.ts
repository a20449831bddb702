import { setFlagsFromString } from 'node:v8'

/** Bytes of code to which V8 may let a function grow by putting what it calls in the place of the call (decision 0019). */
const INLINED = 4_600
/** The first version of V8 that has a compiler between the quick one and the optimizing one. */
const THREE_COMPILERS = 12
/**
 * Bytes of code that a function runs through before V8 asks whether to optimize it, where there are only two compilers: six times what
 * V8 takes by itself (decision 0025).
 */
const PATIENCE = 400_000

/** Has V8 compile the code of a server as befits one whose threads share few cores with V8's own. For all threads of the process. */
export function setServerCompiler (version = process.versions.v8): void {
  setFlagsFromString(`--max-inlined-bytecode-size-cumulative=${INLINED}`)
  // Later versions count calls instead, and complain about this flag.
  if (Number.parseInt(version, 10) < THREE_COMPILERS) setFlagsFromString(`--interrupt-budget=${PATIENCE}`)
}
