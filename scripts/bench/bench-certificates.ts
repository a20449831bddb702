import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Secret, type ClientCertificate } from '../../kernel/contract/index.js'
import { caxton } from './bench-server.js'

/** Certificates in a folder, made by the product's own commands: an authority, a node, a caller. */
export class BenchCertificates {
  readonly #folder = mkdtempSync(path.join(tmpdir(), 'caxton-bench-tls-'))

  constructor () {
    this.#make('init-ca')
    this.#make('gen-cert', '--node-id', 'node-1', '--host', '127.0.0.1')
    this.#make('gen-client-cert', '--cn', 'ann')
  }

  /** What a server needs in its settings to show its certificate and to trust the authority. */
  get settings (): readonly string[] {
    const files = { chain: 'node-1.pem', key: 'node-1.key', trust: 'ca.pem' }
    return ['node.id=node-1', ...Object.entries(files).map(([key, name]) => `plugins.identity-files.${key}=${this.#file(name)}`)]
  }

  get trust (): string {
    return this.#text('ca.pem')
  }

  get caller (): ClientCertificate {
    return { chain: this.#text('client-ann.pem'), key: new Secret(this.#text('client-ann.key')) }
  }

  remove (): void {
    rmSync(this.#folder, { recursive: true, force: true })
  }

  #make (...words: readonly string[]): void {
    execFileSync(process.execPath, [caxton(), 'security', ...words, '--dir', this.#folder], { stdio: 'ignore' })
  }

  #text (name: string): string {
    return readFileSync(this.#file(name), 'utf8')
  }

  #file (name: string): string {
    return path.join(this.#folder, name)
  }
}
