import { token } from '../token.js'

/** A JSON Schema (draft 2020-12): an object, or true or false. The platform hands it on and does not check content against it. */
export type ContentSchema = boolean | { readonly [keyword: string]: unknown }

/** What an agent says about something that it offers. */
export interface CapabilityDescription {
  /** 1 to 100 characters: letters, digits, '.', '_' and '-', the first a letter or a digit. */
  readonly name: string
  /** `major.minor.patch`. */
  readonly version: string
  /** For people; may be empty. */
  readonly description: string
  /** What a message for it should contain, and what its answer contains. */
  readonly input: ContentSchema | undefined
  readonly output: ContentSchema | undefined
  /** What using it costs, by any name that agents agree on (`milliseconds`, `coins`): 0 or more, at most 16 of them. */
  readonly costs: Readonly<Record<string, number>>
  /** Protocols in which it is offered, as in the `protocol` parameter of messages; at most 16. */
  readonly protocols: readonly string[]
}

/** A capability together with the agent that offers it, which runs. */
export interface OfferedCapability extends CapabilityDescription {
  readonly agent: string
}

/** Who offers what on this node, at this moment. */
export interface CapabilityDirectory {
  /**
   * Offers under a name, by agent. An agent offers a name once.
   *
   * @param range `2`, `1.2`, `1.2.3` or, for what is compatible with it, `^1.2`; left out: every version. One that is
   *   none of these finds nothing.
   */
  find (name: string, range?: string): readonly OfferedCapability[]
}

export const CapabilitiesToken = token<CapabilityDirectory>('caxton/capabilities@1')
