import { join } from 'node:path'
import type { Logger, NodeFacts } from '../../kernel/contract/index.js'
import type { ApiKeys } from './api-keys.js'
import type { AuthApiKeyConfig } from './auth-api-key-config.js'
import type { KeyBook } from './keys/key-book.js'
import { writeOwn } from './keys/own-files.js'

const ROLE = 'admin'
const FOR_EVER = 0

/** The key by which an operator gets into a server that lets nobody in yet: in a file that only who runs the server can read. */
export class FirstKey {
  constructor (
    private readonly keys: ApiKeys,
    private readonly book: KeyBook,
    private readonly config: Pick<AuthApiKeyConfig, 'first_key' | 'first_key_file'>,
    private readonly node: NodeFacts,
    private readonly log: Logger,
  ) {}

  /** Makes it where the configuration wants one. Throws `API_KEY_FILE_UNUSABLE`. */
  async make (): Promise<void> {
    const { first_key: when, first_key_file: chosen } = this.config
    const name = `first-${this.node.nodeId}`.slice(0, 63)
    if (when === 'never' || (when === 'once' && this.book.size > 0)) return
    if (this.book.named(name) !== undefined) await this.keys.revoke(name)
    const file = chosen ?? join(this.node.dataDirectory, 'first-api-key')
    await this.keys.create({
      name, roles: [ROLE], createdBy: 'first start', lifetime: FOR_EVER, handOver: text => writeOwn(file, `${text}\n`),
    })
    const next = `\`caxton --token-file ${file} auth create-key\` makes others; then revoke it and delete the file`
    this.log.warn(`made a first API key: ${next}`, { file, name, role: ROLE })
  }
}
