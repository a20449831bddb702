/** What `kernel/lifecycle/server.ts` offers to the commands. */
export interface ServerLifecycle {
  /** Starts a server in this process. `stopped` resolves to the exit code when it has ended; `signal` asks for that. */
  startServer (
    options: ConfigurationOptions & { readonly signal: AbortSignal },
  ): Promise<
    { readonly started: true, readonly stopped: Promise<number> } | { readonly started: false, readonly report: CheckReport }>
  /** Checks a configuration with all plugins in it, without starting anything. */
  checkConfiguration (options: ConfigurationOptions): Promise<CheckReport>
}

/** A server that runs, or why there is none. */
export type StartResult =
  | { readonly started: true, readonly stopped: Promise<number> }
  | { readonly started: false, readonly report: CheckReport }

/** Where a configuration comes from: a file, the environment, and `--set` in this order. */
export interface ConfigurationOptions {
  readonly configurationFile?: string
  readonly sets: readonly string[]
  readonly environment: NodeJS.ProcessEnv
}

/** Every problem of a configuration, as data and as text for people. */
export interface CheckReport {
  readonly problems: readonly unknown[]
  readonly text: string
  readonly exitCode: number
}

/** Imports the server's lifecycle, which is the heaviest part of the program, when a command needs it. */
export async function loadLifecycle (): Promise<ServerLifecycle> {
  const module: ServerLifecycle = await import(new URL('../../lifecycle/server.js', import.meta.url).href)
  return module
}
