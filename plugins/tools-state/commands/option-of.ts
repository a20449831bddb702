import type { CommandInput } from '../../../kernel/contract/index.js'

/** The value of an option that may be left out; empty then. */
export function optionOf (input: CommandInput, name: string): string {
  const values = input.options[name]
  return values === undefined || values === true ? '' : values[0] ?? ''
}
