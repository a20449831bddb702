import { CommandHost } from '../../../kernel/command/command-host.js'
import { kernelCommands } from '../../../kernel/command/commands/kernel-commands.js'
import type { CommandIndex } from '../../../kernel/command/index/command-index.js'
import type { Command } from '../../../kernel/contract/index.js'
import { VirtualClock } from '../virtual-clock.js'
import { StubConnector, type Answers } from './stub-connector.js'
import { TextStream } from './text-stream.js'

/** The index that the build makes of the kernel alone, with a connector. */
export const kernelIndex: CommandIndex = {
  version: '1.2.3', plugins: ['api-grpc'], connector: 'test:connector',
  commands: kernelCommands.map((command: Command) => ({ ...command, from: 'kernel' })),
}

/** How a test departs from a program in a pipe with an empty environment and no server. */
export interface Setting {
  readonly answers?: Answers
  readonly environment?: Readonly<Record<string, string>>
  readonly terminal?: { readonly columns: number }
  readonly index?: CommandIndex
  readonly modules?: Readonly<Record<string, object>>
  readonly signal?: AbortSignal
  readonly clock?: VirtualClock
  /** Where messages go, for tests that read them while the command runs. */
  readonly stderr?: TextStream
}

/** What came of a command line. */
export interface Outcome {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
  readonly connector: StubConnector
  /** Addresses that were connected to. */
  readonly targets: readonly object[]
}

/** Runs a command line in this process: real commands, no socket. */
export async function runCommand (words: readonly string[], setting: Setting = {}): Promise<Outcome> {
  const stdout = new TextStream(setting.terminal)
  const stderr = setting.stderr ?? new TextStream(setting.terminal)
  const connector = new StubConnector(setting.answers ?? {})
  const targets: object[] = []
  const openConnector = (target: object): StubConnector => {
    targets.push(target)
    return connector
  }
  const modules: Readonly<Record<string, object>> = { 'test:connector': { openConnector }, ...setting.modules }
  const code = await new CommandHost({
    words, stdout, stderr,
    environment: setting.environment ?? {},
    workingFolder: '/nowhere',
    clock: setting.clock ?? new VirtualClock(),
    signal: setting.signal ?? new AbortController().signal,
    readIndex: async () => setting.index ?? kernelIndex,
    load: async module => {
      const loaded: unknown = modules[module] ?? await import(module)
      return loaded as object
    },
  }).run()
  return { code, stdout: stdout.text, stderr: stderr.text, connector, targets }
}
