import 'reflect-metadata'
import { container, inject, injectable } from 'tsyringe'
import { injectionNotes, type InjectionNotes } from '../../contract/index.js'

/** The class that a plugin's `main` imports. */
export type PluginClass = new (...parameters: never[]) => object

/** The services of one plugin: by token id, none of them undefined. */
export type Services = ReadonlyMap<string, unknown>

/**
 * Makes the class known to tsyringe from the notes that the contract's own decorators left on it. The notes are found
 * by a registered symbol, so they may come from another copy of the contract; tsyringe itself is only ever this one.
 * Harmless twice.
 */
export function declareClass (main: PluginClass, notes: InjectionNotes): void {
  const target = main as new (...parameters: unknown[]) => object
  notes.forEach((token, index) => {
    if (token !== undefined) inject(token.id, { isOptional: token.need === 'maybe' })(target, undefined, index)
  })
  injectable()(target)
}

/**
 * Makes the plugin's object in a container of its own that holds instances only, and exactly those that were declared.
 * So nothing of tsyringe's life cycles takes part, and what the constructor throws comes out as it was thrown: tsyringe
 * wraps only errors of objects that it makes on the way, and here it makes none.
 */
export function construct (main: PluginClass, services: Services): object {
  const child = container.createChildContainer()
  for (const [id, service] of services) child.register(id, { useValue: service })
  const made: unknown = child.resolve(main as new (...parameters: unknown[]) => object)
  child.reset()
  if (typeof made !== 'object' || made === null) throw new TypeError(`class ${main.name} made no object`)
  return made
}

export const notesOf = (main: PluginClass): InjectionNotes | undefined => injectionNotes(main)
