import type { Clock } from '../contract/clock.js'
import type {
  CommandContext, CommandInput, CommandWords, Connector, OpenConnector, RunCommand, Terminal,
} from '../contract/command.js'
import { CommandConnectorMissing, CommandUnknown, CommandValueInvalid } from './command-errors.js'
import { exitCodeOf } from './exit-codes.js'
import type { CommandIndex, IndexedCommand } from './index/command-index.js'
import { commandAt } from './line/command-tree.js'
import { leadingOptions, readCommandLine, type CommandLine } from './line/command-line.js'
import { wantsColour, paintAnsi, paintNothing, type Paint } from './terminal/colours.js'
import type { Output } from './terminal/message-stream.js'

/** A stream of the process, as far as the program needs it. */
export interface Stream extends Output {
  readonly isTTY?: boolean
  readonly columns?: number
}

/** Everything that a run of the program touches. */
export interface HostParts {
  /** The command line without the program's name. */
  readonly words: readonly string[]
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly workingFolder: string
  readonly stdout: Stream
  readonly stderr: Stream
  readonly clock: Clock
  /** Aborts at Ctrl-C; the reason is the exit code. */
  readonly signal: AbortSignal
  readonly readIndex: () => Promise<CommandIndex>
  /** Imports the module of a command or of the connector. */
  readonly load: (module: string) => Promise<object>
}

type Line = CommandLine<IndexedCommand>

/** The text of `--name VALUE` among the program's options. */
const textOf = (options: CommandInput['options'] | undefined, name: string): string | undefined => {
  const value = options?.[name]
  return value === undefined || value === true ? undefined : value[0]
}

/** Runs one command line from its words to its exit code. */
export class CommandHost {
  private connection: Connector | undefined

  constructor (private readonly parts: HostParts) {}

  /** Resolves to the exit code. Never rejects: failures are printed. */
  async run (): Promise<number> {
    let line: Line | undefined
    try {
      const index = await this.parts.readIndex()
      const resolved = await this.resolve(index)
      line = resolved.line
      return await this.act(line, resolved.index)
    } catch (error) {
      if (this.parts.signal.aborted) return this.interrupted()
      await this.report(error, line)
      return exitCodeOf(error)
    } finally {
      this.connection?.close()
    }
  }

  private interrupted (): number {
    return typeof this.parts.signal.reason === 'number' ? this.parts.signal.reason : 130
  }

  /** Reads the line; one that names no built-in command, or asks for help, sees other plugins' commands as well. */
  private async resolve (index: CommandIndex): Promise<{ line: Line, index: CommandIndex }> {
    const { words } = this.parts
    const file = textOf(leadingOptions(words), 'config') ?? this.parts.environment['CAXTON_CONFIG'] ?? ''
    try {
      const line = readCommandLine(words, index.commands)
      const isAnswered = line.kind !== 'help' || commandAt(index.commands, line.path) !== undefined
      if (file === '' || isAnswered) return { line, index }
    } catch (error) {
      if (file === '' || !CommandUnknown.is(error)) throw error
    }
    const larger = await this.withStrangers(index, file)
    return { line: readCommandLine(words, larger.commands), index: larger }
  }

  private async withStrangers (index: CommandIndex, file: string): Promise<CommandIndex> {
    const [{ findStrangers }, { resolve }] = await Promise.all([import('./strangers.js'), import('node:path')])
    const { environment, workingFolder } = this.parts
    const strangers = await findStrangers({ file: resolve(workingFolder, file), environment, index })
    for (const problem of strangers.problems) this.parts.stderr.write(`warning: ${problem}\n`)
    return { ...index, commands: [...index.commands, ...strangers.commands] }
  }

  private async act (line: Line, index: CommandIndex): Promise<number> {
    if (line.kind === 'version') {
      this.parts.stdout.write(`caxton ${index.version}\n`)
      return 0
    }
    if (line.kind === 'help') {
      const { helpText } = await import('./help/program-help.js')
      this.parts.stdout.write(helpText(index, line.path, this.paint(this.parts.stdout, line)))
      return 0
    }
    const [terminal, { LineWords }] = await Promise.all([this.terminal(line), import('./line/line-words.js')])
    const module: { run?: RunCommand } = await this.parts.load(line.command.module)
    if (module.run === undefined) throw new Error(`${line.command.module} exports no \`run\``)
    return await module.run(this.context(line, index, terminal, new LineWords(this.parts.workingFolder)))
  }

  private context (line: Line & { kind: 'run' }, index: CommandIndex, terminal: Terminal, words: CommandWords): CommandContext {
    const { clock, environment, signal, workingFolder } = this.parts
    const server = textOf(line.program, 'server')
    const configuration = textOf(line.program, 'config')
    return {
      input: line.input, words, terminal, signal, clock, workingFolder,
      makeFolder: async folder => await (await import('./new-folder.js')).makeFolder(folder, workingFolder),
      // To a command it is all the same whether the line or the environment said it.
      environment: {
        ...environment,
        ...(server === undefined ? {} : { CAXTON_SERVER: server }),
        ...(configuration === undefined ? {} : { CAXTON_CONFIG: configuration }),
      },
      connect: async () => this.connection ??= await this.open(line, index),
    }
  }

  private async open (line: Line & { kind: 'run' }, index: CommandIndex): Promise<Connector> {
    if (index.connector === undefined) throw CommandConnectorMissing({})
    const { openTarget } = await import('./connection.js')
    const target = await openTarget({
      option: name => textOf(line.program, name),
      environment: this.parts.environment,
      workingFolder: this.parts.workingFolder,
      clock: this.parts.clock,
      signal: this.parts.signal,
    })
    const module: { openConnector?: OpenConnector } = await this.parts.load(index.connector)
    if (module.openConnector === undefined) throw CommandConnectorMissing({})
    return module.openConnector(target)
  }

  private async terminal (line: Line): Promise<Terminal> {
    const { stdout, stderr, clock, environment } = this.parts
    const { MessageStream } = await import('./terminal/message-stream.js')
    const messages = new MessageStream(stderr, clock, stderr.isTTY === true && environment['TERM'] !== 'dumb')
    const output = outputOf(line)
    if (output === 'human') {
      const { HumanTerminal } = await import('./terminal/human-terminal.js')
      return new HumanTerminal(stdout, messages, { paint: this.paint(stdout, line), width: this.width() })
    }
    const { DocumentTerminal, jsonNotation, yamlNotation } = await import('./terminal/document-terminal.js')
    return new DocumentTerminal(stdout, messages, output === 'json' ? jsonNotation : await yamlNotation())
  }

  /** A terminal's own width, COLUMNS, or 80. */
  private width (): number {
    const width = this.parts.stdout.columns ?? Number(this.parts.environment['COLUMNS'])
    return Number.isInteger(width) && width >= 20 ? width : 80
  }

  private paint (stream: Stream, line: Line | undefined): Paint {
    return wantsColour(stream, this.parts.environment, line?.program['no-color'] === true) ? paintAnsi : paintNothing
  }

  private async report (error: unknown, line: Line | undefined): Promise<void> {
    const { errorDocument, errorText } = await import('./error-report.js')
    const { stderr, environment } = this.parts
    const human = (textOf(line?.program, 'output') ?? 'human') === 'human'
    stderr.write(human
      ? errorText(error, this.paint(stderr, line), (environment['CAXTON_DEBUG'] ?? '') !== '')
      : errorDocument(error))
  }
}

function outputOf (line: Line): Terminal['output'] {
  const output = textOf(line?.program, 'output') ?? 'human'
  if (output === 'human' || output === 'json' || output === 'yaml') return output
  throw CommandValueInvalid({ what: '`--output`', value: output, expected: 'write human, json or yaml' })
}
