#!/usr/bin/env -S node --disable-wasm-trap-handler
import { readCommandIndex } from './index/command-index.js'
import { runProgram } from './program.js'

await runProgram(readCommandIndex)
