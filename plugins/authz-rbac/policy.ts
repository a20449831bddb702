import type { Pattern } from './pattern.js'

/** One rule of a role, as it is written and as it is read. */
export interface Rule {
  /** `agents:deploy on team-a-*` */
  readonly text: string
  /** Which rights: a right, or a pattern for rights. */
  readonly rights: Pattern
  /** On what; none: on everything. */
  readonly resources: readonly Pattern[]
}

/** What somebody may do who has the role. */
export interface Role {
  readonly name: string
  readonly summary: string
  readonly isBuiltIn: boolean
  /** Roles whose rules it has too. */
  readonly includes: readonly string[]
  readonly allow: readonly Rule[]
  readonly deny: readonly Rule[]
}

/** Who has which roles. */
export interface Binding {
  /** By the principal's name, or by a role that its credential carries. */
  readonly by: 'principal' | 'carries'
  readonly patterns: readonly Pattern[]
  /** Only if this authenticator proved it. */
  readonly method: string | undefined
  /** Undefined: each carried role counts as the role of its name. */
  readonly roles: readonly string[] | undefined
  /** In words: `principal "key:ci-*"`. */
  readonly text: string
}

/** Roles by name, and who has them. */
export interface Policy {
  readonly roles: ReadonlyMap<string, Role>
  readonly bindings: readonly Binding[]
}
