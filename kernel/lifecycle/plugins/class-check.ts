import type { InjectionNotes, Need, Plugin, Token } from '../../contract/index.js'
import { problemOf, type Problem } from '../configuration/problem.js'
import { declareClass, notesOf, type PluginClass } from './container.js'
import { ClassNotInjectable, PluginImportFailed, TokenUndeclared } from './plugin-errors.js'
import type { PluginEntry } from './plugin-loader.js'
import { isOwnToken } from './service-graph.js'
import { isRecord } from './schema-shape.js'

/** The classes of plugins, imported and known to the container; and what is wrong with the others. */
export interface LoadedClasses {
  readonly classes: ReadonlyMap<string, PluginClass>
  readonly problems: readonly Problem[]
}

/** Imports the class of each plugin that has one, and checks what it injects against what the plugin declares. */
export async function loadClasses (entries: readonly PluginEntry[]): Promise<LoadedClasses> {
  const classes = new Map<string, PluginClass>()
  const problems: Problem[] = []
  for (const { instance, plugin } of entries) {
    if (plugin.main === undefined) continue
    try {
      const main: unknown = await plugin.main()
      const found = classProblems(main, plugin, instance)
      problems.push(...found)
      if (found.length === 0 && isClass(main)) classes.set(instance, main)
    } catch (cause) {
      const error = PluginImportFailed({ use: plugin.name, file: 'its main()' }, { cause })
      problems.push(problemOf(error, { phase: 'load', instance }))
    }
  }
  return { classes, problems }
}

function isClass (main: unknown): main is PluginClass {
  return typeof main === 'function' && main.prototype !== undefined
}

function classProblems (main: unknown, plugin: Plugin, instance: string): Problem[] {
  const refuse = (className: string, complaint: string): Problem =>
    problemOf(ClassNotInjectable({ className, complaint }), { phase: 'check', instance })
  if (!isClass(main)) return [refuse('?', 'main() gives no class')]
  const notes = notesOf(main)
  if (notes === undefined) return [refuse(main.name, 'it is not marked with injectable()')]
  const complaints = parameterComplaints(notes, main.length)
  if (complaints.length > 0) return complaints.map(complaint => refuse(main.name, complaint))
  declareClass(main, notes)
  return undeclared(notes, plugin).map(token =>
    problemOf(TokenUndeclared({ token, list: 'needs' }), { phase: 'check', instance }))
}

function parameterComplaints (notes: InjectionNotes, parameters: number): string[] {
  return Array.from({ length: Math.max(notes.length, parameters) }, (_, index) => index).flatMap(index => {
    const token: unknown = notes[index]
    if (token === undefined) return [`parameter ${index + 1} of its constructor has no inject(...)`]
    const isToken = isRecord(token) && typeof token.id === 'string'
    return isToken ? [] : [`parameter ${index + 1} injects something that is no token`]
  })
}

/** What a plugin may inject where it declares a need: the same, or less certainty. */
const ACCEPTS: Readonly<Record<Need, readonly Need[]>> = { one: ['one', 'maybe'], maybe: ['maybe'], many: ['many'] }

/** Ids of what is injected without being declared, each once. */
function undeclared (notes: InjectionNotes, plugin: Plugin): string[] {
  const isDeclared = (token: Token<unknown>): boolean => isOwnToken(token.id) ||
    (plugin.needs ?? []).some(need => need.id === token.id && ACCEPTS[need.need].includes(token.need))
  return [...new Set(notes.flatMap(token => token === undefined || isDeclared(token) ? [] : token.id))]
}
