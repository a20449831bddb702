import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const compiled = (path: string): string => fileURLToPath(new URL(`../../../${path}`, import.meta.url))

/** The compiled `caxton`, as the package installs it. */
export const CAXTON = compiled('kernel/command/caxton.js')
/** The same program with the stub connector. */
export const CAXTON_WITH_STUB = compiled('test/support/command/caxton-with-stub.js')

/** What a process left. */
export interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** How a process is started, besides its words. */
export interface ProcessSetting {
  readonly input?: string
  readonly environment?: Readonly<Record<string, string>>
  readonly folder?: string
  /** Called with the running process and what it has written so far, after each piece of output. */
  readonly watch?: (child: ChildProcessWithoutNullStreams, stdout: string) => void
}

/** Runs a program in a process of its own and resolves when it has ended. Nothing of this process's environment but PATH is handed on. */
export function runProcess (program: string, words: readonly string[], setting: ProcessSetting = {}): Promise<Ended> {
  const child = spawn(program, words, {
    cwd: setting.folder, env: { PATH: process.env['PATH'] ?? '', HOME: '/nowhere', ...setting.environment },
  })
  return new Promise((resolve, reject) => {
    let [stdout, stderr] = ['', '']
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text
      setting.watch?.(child, stdout)
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => { stderr += text })
    child.on('error', reject)
    child.on('close', code => { resolve({ code, stdout, stderr }) })
    child.stdin.on('error', () => {})
    child.stdin.end(setting.input ?? '')
  })
}
