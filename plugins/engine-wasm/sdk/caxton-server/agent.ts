import { log } from './services'
import { Message } from './message'

/** What an agent's author extends. Only `onMessage` must be there. */
export abstract class Agent {
  /** First of all, once, with the text that was given at deployment (empty when none was). */
  onStart (configuration: string): void {}

  /** A message came in. An agent handles one message at a time. */
  abstract onMessage (message: Message): void

  /** A timer of `setTimer` fired. */
  onTimer (id: i32): void {}

  /** Last of all. */
  onStop (): void {}

  /** What a new version of this agent should go on with; empty when nothing. */
  save (): string { return '' }

  /**
   * Takes over what `save` of another version (or this one, before a restart) gave, if it gave
   * anything. Called after `onStart`.
   */
  load (state: string, fromVersion: i32): void {}

  /** As `save`, for state that is no text. */
  saveBytes (): Uint8Array | null {
    const text = this.save()
    return text.length > 0 ? Uint8Array.wrap(String.UTF8.encode(text)) : null
  }

  /** As `load`, for state that is no text. */
  loadBytes (state: Uint8Array, fromVersion: i32): void {
    this.load(String.UTF8.decodeUnsafe(state.dataStart, state.length), fromVersion)
  }
}

let running: Agent | null = null
let outcome: i32 = 0

/** Says which agent this module is. Once, at the top level of the entry file. */
export function start (agent: Agent): void {
  running = agent
}

/** Reports to the server that this message, timer or start went wrong; the reason is logged. The agent lives on. */
export function fail (reason: string): void {
  log.error(reason)
  outcome = -1
}

/** For the SDK. */
export function theAgent (): Agent {
  if (!running) noAgent()
  return changetype<Agent>(running)
}

function noAgent (): void {
  throw new Error('no agent was started: call start(new YourAgent()) at the end of the entry file')
}

/** For the SDK: the outcome of the latest call, forgotten by reading it. */
export function takeOutcome (): i32 {
  const taken = outcome
  outcome = 0
  return taken
}
