import type { DescMethod, MessageInitShape, MessageShape } from '@bufbuild/protobuf'
import type { Clock } from './clock.js'
import type { Secret } from './config.js'

/** An option of a command: `--name VALUE` or, for a switch, `--name`. */
export interface CommandOption {
  readonly name: string
  readonly short?: string
  /** What the value is called in the help (`NAME`, `FILE`); absent for a switch. */
  readonly value?: string
  readonly doc: string
  /** May be given more than once. */
  readonly repeatable?: boolean
  readonly required?: boolean
}

/** A positional argument. */
export interface CommandArgument {
  readonly name: string
  readonly doc: string
  readonly required?: boolean
  /** Takes all that follow; only for the last one. */
  readonly repeatable?: boolean
}

/**
 * One command of the `caxton` program, as data: help and completion are made from it without loading the work, which is
 * imported only when the command runs.
 */
export interface Command {
  /** `['agents', 'deploy']`: group and verb. */
  readonly path: readonly string[]
  readonly summary: string
  readonly arguments?: readonly CommandArgument[]
  readonly options?: readonly CommandOption[]
  /** Shown first in the help: what to type, and what it does. At least one. */
  readonly examples: ReadonlyArray<{ readonly type: string, readonly does: string }>
  /** URL of the module whose `run` export is a {@link RunCommand}: `new URL('./deploy-command.js', import.meta.url).href`. */
  readonly module: string
}

/** Parsed words of a command line. */
export interface CommandInput {
  readonly arguments: Readonly<Record<string, readonly string[]>>
  readonly options: Readonly<Record<string, readonly string[] | true>>
}

/** A way to the server for commands. Failures are declared errors, with the server's trace id in `details.traceId`. */
export interface Connector {
  unary<M extends DescMethod> (
    method: M, request: MessageInitShape<M['input']>, signal?: AbortSignal,
  ): Promise<MessageShape<M['output']>>
  serverStream<M extends DescMethod> (
    method: M, request: MessageInitShape<M['input']>, signal?: AbortSignal,
  ): AsyncIterable<MessageShape<M['output']>>
  clientStream<M extends DescMethod> (
    method: M, requests: AsyncIterable<MessageInitShape<M['input']>>, signal?: AbortSignal,
  ): Promise<MessageShape<M['output']>>
  close (): void
}

/** Where a connector goes. */
export interface ConnectorTarget {
  /** `host:port` */
  readonly address: string
  /** Trusted certificates in PEM: makes the connection TLS. */
  readonly trust?: string
  /**
   * An API key or a token, sent with each call as `authorization: Bearer ...`. Never over a connection that is neither TLS nor within this
   * machine: then the call fails before anything was sent.
   */
  readonly bearer?: Secret
  /** Shown to the server in the handshake; only together with `trust`. */
  readonly certificate?: ClientCertificate
}

/** A certificate for callers, in PEM. */
export interface ClientCertificate {
  /** Not encrypted. */
  readonly key: Secret
  /** Leaf first. */
  readonly chain: string
}

/** Export of the module that a face names as its connector. Does not connect yet. */
export type OpenConnector = (target: ConnectorTarget) => Connector

/** A column of a table: heading, and the text of one row. */
export interface Column<R> {
  readonly heading: string
  readonly text: (row: R) => string
  /** Right-aligned, for numbers. */
  readonly right?: boolean
}

/** How a command talks to its user. Data goes to stdout, everything else to stderr. */
export interface Terminal {
  /** What the user asked for: people, or a program reading `json` or `yaml`. */
  readonly output: 'human' | 'json' | 'yaml'
  /** Whether a person is looking: colour and progress are shown only then. */
  readonly interactive: boolean
  /** Prints the answer: as a table for people, as `data` for programs. */
  table<R> (rows: readonly R[], columns: ReadonlyArray<Column<R>>, data: unknown): void
  /** Prints one record: as aligned `name  value` lines for people, as `data` for programs. */
  record (fields: ReadonlyArray<readonly [name: string, value: string]>, data: unknown): void
  /** Prints one item of a stream: a line for people, one JSON document a line (or one YAML document) for programs. */
  item (line: string, data: unknown): void
  /** A sentence on stderr. */
  say (sentence: string): void
  /** A progress bar on stderr while `work` runs; shown only if it takes more than a second and a person is looking. */
  progress<T> (label: string, work: (advance: (done: number, total: number) => void) => Promise<T>): Promise<T>
}

/** Reads words of a command line as all commands do. Each throws `COMMAND_VALUE_INVALID`; `what` names the word in it. */
export interface CommandWords {
  /** `5s` → milliseconds, at most `most`, or 2³² − 1. */
  duration (what: string, text: string, most?: number): number
  wholeNumber (what: string, text: string, least: number, most: number): number
  /**
   * The content of a message: a text, `@FILE`, `-` for standard input, or `@@` before a text that begins with `@`; with the
   * media type that it has by its looks, empty for no content.
   */
  content (word: string): Promise<{ readonly bytes: Uint8Array, readonly mediaType: string }>
}

/** A folder that a command makes. */
export interface NewFolder {
  /** It is made inside the working folder. */
  readonly name: string
  /**
   * URLs of folders whose files it gets, those of later ones over those of earlier ones. `gitignore` becomes `.gitignore`, which npm would
   * leave out of a package; an ending `.txt` after another one (`plugin.ts.txt`) is left out.
   */
  readonly templates: readonly string[]
  /** What stands in the files for each `{{word}}`. `{{caxton}}` is the way from the new folder to this Caxton. */
  readonly words: Readonly<Record<string, string>>
}

/** What a running command has at hand. */
export interface CommandContext {
  readonly input: CommandInput
  readonly words: CommandWords
  readonly terminal: Terminal
  /** Connects on first use; closed by the host. */
  connect (): Promise<Connector>
  /** Aborts at Ctrl-C. A command that gives up for it throws its reason; what it returns is the exit code in any case. */
  readonly signal: AbortSignal
  readonly clock: Clock
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly workingFolder: string
  /**
   * Makes a folder from templates, all of it or nothing, and resolves to its path. Rejects with `NEW_FOLDER_TAKEN` where something is
   * there already, and with `NEW_FOLDER_NOT_WRITTEN`.
   */
  makeFolder (folder: NewFolder): Promise<string>
}

/** The work of a command. Resolves to the exit code; a thrown error is printed and mapped to one. */
export type RunCommand = (context: CommandContext) => Promise<number>
