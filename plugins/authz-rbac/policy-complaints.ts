import { didYouMean } from '../../kernel/contract/index.js'
import { PolicyPlaces } from './policy-places.js'

/** A table of the file, with what its keys are called in complaints. */
export type Table = Readonly<Record<string, unknown>>

export const isTable = (value: unknown): value is Table =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date)

/** Most complaints that are shown of one file. */
const MOST = 50

/** What is wrong with a policy file, each with its place. */
export class PolicyComplaints {
  readonly list: string[] = []
  readonly #places: PolicyPlaces

  constructor (private readonly file: string, text: string) {
    this.#places = new PolicyPlaces(text)
  }

  /** Notes what is wrong with `sought` in the section `path`. */
  add (path: string, sought: string, complaint: string): void {
    const { line, column } = this.#places.of(path, sought)
    this.addAt(line, column, complaint)
  }

  addAt (line: number, column: number, complaint: string): void {
    if (this.list.length < MOST) this.list.push(`${this.file}:${line}:${column}: ${complaint}`)
  }

  /** Notes every key that is not known here. */
  unknownKeys (path: string, table: Table, known: readonly string[]): void {
    for (const key of Object.keys(table).filter(each => !known.includes(each))) {
      this.add(path, key, `"${key}" is no key here${didYouMean(key, known)}; keys are ${known.join(', ')}`)
    }
  }

  /** A text, or undefined where there is none. */
  text (path: string, table: Table, key: string): string | undefined {
    const value = table[key]
    if (value === undefined || typeof value === 'string') return value
    this.add(path, key, `"${key}" is to be a text`)
    return undefined
  }

  /** A text or a list of texts, none of them empty; undefined where the key is not there. */
  texts (path: string, table: Table, key: string): readonly string[] | undefined {
    const value = table[key]
    if (value === undefined) return undefined
    const items: readonly unknown[] = Array.isArray(value) ? value : [value]
    const texts = items.filter(item => typeof item === 'string').map(item => item.trim())
    if (texts.length < items.length || texts.includes('')) this.add(path, key, `"${key}" is to be a list of texts that are not empty`)
    return texts.filter(text => text !== '')
  }
}
