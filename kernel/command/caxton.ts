#!/usr/bin/env -S MALLOC_MMAP_THRESHOLD_=32768 node --disable-wasm-trap-handler --v8-pool-size=2 --max-semi-space-size=4
import { readCommandIndex } from './index/command-index.js'
import { runProgram } from './program.js'

await runProgram(readCommandIndex)
