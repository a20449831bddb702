import type { Injected, Need, Token } from './token.js'

type Constructor = abstract new (...parameters: never[]) => unknown

/** Resolves to `C` when parameter `I` of its constructor accepts what the token gives, else to a sentence the compiler shows. */
type Accepting<C extends Constructor, I extends number, Given> =
  [Given] extends [ConstructorParameters<C>[I]] ? C : 'the parameter cannot hold what this token provides'

/** Where the notes of {@link inject} are kept on a class. Registered, so that every copy of this package agrees on it. */
const NOTES = Symbol.for('caxton.inject')

/** The token noted for each constructor parameter of a plugin's class, by position. */
export type InjectionNotes = ReadonlyArray<Token<unknown> | undefined>

/**
 * Says which service a constructor parameter receives. The compiler checks the parameter's type against the token's,
 * the host checks the token against the plugin's `needs` before anything starts.
 */
export function inject<T, N extends Need> (wanted: Token<T, N>) {
  return <C extends Constructor, I extends number> (
    target: C & Accepting<C, I, Injected<Token<T, N>>>, _key: undefined, index: I,
  ): void => {
    const notes = [...injectionNotes(target) ?? []]
    notes[index] = wanted
    Object.defineProperty(target, NOTES, { value: notes, configurable: true })
  }
}

/** Marks a class whose constructor parameters all carry {@link inject}. */
export function injectable () {
  return (target: Constructor): void => {
    if (!Object.hasOwn(target, NOTES)) Object.defineProperty(target, NOTES, { value: [], configurable: true })
  }
}

/** The notes on a class, or undefined when it was never marked. Called by the host. */
export function injectionNotes (target: object): InjectionNotes | undefined {
  const notes: unknown = Object.getOwnPropertyDescriptor(target, NOTES)?.value
  return Array.isArray(notes) ? notes : undefined
}
