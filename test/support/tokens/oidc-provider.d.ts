/** As much of oidc-provider, which brings no types, as the tests use. */
declare module 'oidc-provider' {
  import type { RequestListener } from 'node:http'

  interface Grant {
    addOIDCScope (scope: string): void
    addResourceScope (resource: string, scope: string): void
    save (): Promise<string>
  }

  interface DeviceCode {
    readonly params: Readonly<Record<string, string | undefined>>
    accountId?: string
    grantId?: string
    scope?: string
    resource?: string
    error?: string
    save (): Promise<string>
  }

  export default class Provider {
    constructor (issuer: string, configuration: object)
    readonly Grant: new (of: { accountId: string, clientId: string | undefined }) => Grant
    readonly DeviceCode: { findByUserCode (code: string): Promise<DeviceCode | undefined> }
    callback (): RequestListener
  }
}
