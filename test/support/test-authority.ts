import { createPrivateKey, X509Certificate } from 'node:crypto'
import type { Credentials } from '../../kernel/contract/index.js'
import { makeAuthority, makeNodeCertificate, type MadeCertificate } from '../../plugins/identity-files/certificate-maker.js'
import { certificateNames } from '../../plugins/identity-files/certificate-names.js'
import { makeRevocationList } from '../../plugins/identity-files/revocation-maker.js'
import type { SigningAuthority } from '../../plugins/identity-files/signing-authority.js'

/** An authority in memory, as `caxton security init-ca` makes it, and what it signs. */
export class TestAuthority {
  private constructor (
    readonly trust: string, readonly key: string, private readonly signing: SigningAuthority, private readonly now: number,
  ) {}

  static async make (now = Date.now(), name = 'Test authority'): Promise<TestAuthority> {
    const made = await makeAuthority(name, 30, now)
    const { raw, validFrom } = new X509Certificate(made.certificate)
    const signing: SigningAuthority = {
      certificate: raw,
      key: createPrivateKey(made.key).export({ type: 'pkcs8', format: 'der' }),
      algorithm: { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' },
      from: Date.parse(validFrom),
      until: made.until,
    }
    return new TestAuthority(made.certificate, made.key, signing, now)
  }

  node (nodeId: string, days = 10): Promise<MadeCertificate> {
    return makeNodeCertificate(nodeId, certificateNames(nodeId, []), days, this.now, this.signing)
  }

  async credentials (nodeId: string): Promise<Credentials> {
    const { key, certificate } = await this.node(nodeId)
    return { key, chain: certificate, trust: this.trust }
  }

  /** The list that revokes these certificates (PEM), since `now`. */
  revocations (certificates: readonly string[], days = 5): Promise<string> {
    const revoked = new Map(certificates.map(pem => [new X509Certificate(pem).serialNumber, this.now]))
    return makeRevocationList(revoked, days, this.now, this.signing)
  }
}
