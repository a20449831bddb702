/** A string that is never shown: its text form is `[secret]` everywhere, also in JSON. Read it with `reveal()`. */
export class Secret {
  readonly #text: string

  constructor (text: string) {
    this.#text = text
  }

  reveal (): string {
    return this.#text
  }

  toString (): string {
    return '[secret]'
  }

  toJSON (): string {
    return '[secret]'
  }
}

/** What a format's text in the file becomes in the program. */
interface FormatValues {
  string: string
  boolean: boolean
  integer: number
  number: number
  /** `"250ms"`, `"5s"`, `"2m"`, `"1h"`, `"7d"`, or a number of milliseconds → milliseconds. */
  duration: number
  /** `"64KiB"`, `"16MiB"`, `"1GB"`, or a number of bytes → bytes. */
  bytes: number
  /** 0 to 65535; 0 lets the system choose. */
  port: number
  /** A host name or an IP address to listen on or to reach. */
  host: string
  /** `host:port` or `[v6]:port`. */
  address: string
  /** A path; relative ones are taken from the folder of the configuration file. */
  path: string
  secret: Secret
  /** `https://...`, or `http://...` on this machine; without a user and a fragment. */
  url: URL
}

export type FormatName = keyof FormatValues

/** One of a few words. */
export interface OneOf<W extends string> { readonly oneOf: readonly W[] }
/** A list, each item of one format. */
export interface ListOf<F extends Format> { readonly listOf: F }
/** A table with names that the operator chooses, each value of one shape. */
export interface MapOf<S extends ConfigSchema> { readonly mapOf: S }

export type Format = FormatName | OneOf<string> | ListOf<FormatName | OneOf<string>> | MapOf<ConfigSchema>

export const oneOf = <const W extends string>(...words: readonly W[]): OneOf<W> => ({ oneOf: words })
export const listOf = <const F extends FormatName | OneOf<string>>(format: F): ListOf<F> => ({ listOf: format })
export const mapOf = <const S extends ConfigSchema>(shape: S): MapOf<S> => ({ mapOf: shape })

/** One key of a plugin's configuration. */
export interface ConfigKey {
  /** One sentence for the operator; it ends up in the reference and in editors. */
  readonly doc: string
  readonly format: Format
  /** Written as in the file (`'7d'`, not 604800000). `null`: may be left out and is then `undefined`. Absent: must be given. */
  readonly default?: unknown
  /** Smallest and largest value of a number, a duration or a size, in the program's unit. */
  readonly min?: number
  readonly max?: number
}

export interface ConfigSchema { readonly [key: string]: ConfigKey }

type ValueOf<F> =
  F extends FormatName ? FormatValues[F]
    : F extends OneOf<infer W> ? W
      : F extends ListOf<infer I> ? ReadonlyArray<ValueOf<I>>
        : F extends MapOf<infer S> ? Readonly<Record<string, ConfigOf<S>>>
          : never

/** The typed values of a schema: inferred from the formats, not from the defaults. */
export type ConfigOf<S extends ConfigSchema> = {
  readonly [K in keyof S]: S[K] extends { readonly default: null } ? ValueOf<S[K]['format']> | undefined : ValueOf<S[K]['format']>
}

/** Keeps the literal types of a schema, so that {@link ConfigOf} sees them. */
export const configSchema = <const S extends ConfigSchema>(schema: S): S => schema
