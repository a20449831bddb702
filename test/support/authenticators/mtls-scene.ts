import { X509Certificate } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import type { Clock, Identity, Origin, SecurityEvent } from '../../../kernel/contract/index.js'
import type { AuthMtlsConfig } from '../../../plugins/auth-mtls/auth-mtls-config.js'
import { MtlsAuthenticator } from '../../../plugins/auth-mtls/mtls-authenticator.js'
import { RecordingLogger } from '../recording-logger.js'
import { TemporaryFolder } from '../temporary-folder.js'
import { TestAuthority } from '../test-authority.js'

/** A server that knows callers by certificates of an authority of their own, with its files in a folder. */
export class MtlsScene {
  readonly folder = new TemporaryFolder()
  readonly log = new RecordingLogger()
  readonly events: Array<Omit<SecurityEvent, 'event'>> = []

  private constructor (readonly clients: TestAuthority, readonly clock: Clock) {}

  /** `now`: when the authority is made, by the machine's clock or a virtual one. */
  static async make (clock: Clock): Promise<MtlsScene> {
    return new MtlsScene(await TestAuthority.make(clock.now(), 'Clients'), clock)
  }

  /** Writes a file, and gives its path. */
  keep (name: string, content: string | Uint8Array): string {
    writeFileSync(this.folder.file(name), content)
    return this.folder.file(name)
  }

  async start (config: Partial<AuthMtlsConfig> = {}, identity?: Identity): Promise<MtlsAuthenticator> {
    const all: AuthMtlsConfig = {
      authorities: identity === undefined ? this.keep('clients.pem', this.clients.trust) : undefined,
      revoked: undefined, check_interval: 100, rules: {}, ...config,
    }
    const context = { instance: 'auth-mtls', log: this.log, fail: (error: Error): void => { throw error } }
    const main = new MtlsAuthenticator(identity, this.clock, { note: event => { this.events.push(event) } }, all, context)
    try {
      await main.start(new AbortController().signal)
    } catch (error) {
      await main.stop()
      throw error
    }
    return main
  }
}

export const derOf = (pem: string): Uint8Array => new X509Certificate(pem).raw

export const showingCertificate = (certificate: Uint8Array, headers: Readonly<Record<string, string>> = {}): Origin =>
  ({ face: 'api-grpc', address: '192.0.2.1', headers: new Map(Object.entries(headers)), certificate })
