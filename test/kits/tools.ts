import { type KitRunner, type KitSubject, mochaRunner, runKit } from './runner.js'
import { toolsAnswerPromises } from './tools/answers.js'
import { toolsBoundPromises } from './tools/bounds.js'
import type { ToolsSubject } from './tools/subject.js'

export type { ToolsSubject } from './tools/subject.js'

/**
 * The promises of the contract's `Tools`, each one test. Publish a host of tools only when all of them hold:
 *
 *     toolsKit('mcp', { setup: async () => startedSubject(), teardown: subject => subject.stop() })
 */
export function toolsKit<S extends ToolsSubject> (name: string, subject: KitSubject<S>, runner: KitRunner = mochaRunner()): void {
  runKit<S>(`tools ${name}`, [...toolsAnswerPromises, ...toolsBoundPromises], subject, runner)
}
