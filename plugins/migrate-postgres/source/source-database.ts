import pg from 'pg'
import { isCaxtonError, stateTls, type CommandContext } from '../../../kernel/contract/index.js'
import { MigrationSourceMissing, MigrationSourceUnreachable } from '../migrate-errors.js'

const CONNECT_MS = 10_000

/** Does work in one read-only transaction over the old database, which sees one moment of it from first to last. */
export async function withSource<T> (context: CommandContext, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const { url, config } = await sourceOf(context)
  const client = new pg.Client(config)
  const place = url.host
  client.on('error', () => {})
  const abort = (): void => { client.end().catch(() => {}) }
  context.signal.addEventListener('abort', abort, { once: true })
  try {
    await client.connect()
    await client.query('BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY')
    return await work(client)
  } catch (error) {
    context.signal.throwIfAborted()
    if (isCaxtonError(error)) throw error
    throw MigrationSourceUnreachable({ place, reason: error instanceof Error ? error.message : String(error) }, { cause: error })
  } finally {
    context.signal.removeEventListener('abort', abort)
    await client.end().catch(() => {})
  }
}

async function sourceOf ({ input, environment }: CommandContext): Promise<{ readonly url: URL, readonly config: pg.ClientConfig }> {
  const { database, ca } = input.options
  const text = typeof database === 'object' ? database[0] ?? '' : environment['CAXTON_MIGRATE_DATABASE'] ?? ''
  if (text === '') throw MigrationSourceMissing({ reason: 'none was named' })
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (!url || !['postgres:', 'postgresql:'].includes(url.protocol) || url.hostname === '') {
    throw MigrationSourceMissing({ reason: 'it is not written as postgres://USER@HOST/DATABASE' })
  }
  const host = url.hostname.replaceAll(/^\[|\]$/g, '')
  const trusted = typeof ca === 'object' ? ca[0] : undefined
  const tls = await stateTls({ host, tls: undefined, ca: trusted, certificate: undefined, key: undefined })
  const password = url.password === '' ? environment['PGPASSWORD'] : decodeURIComponent(url.password)
  const config: pg.ClientConfig = {
    host, port: url.port === '' ? 5432 : Number(url.port), user: decodeURIComponent(url.username),
    ...password === undefined ? {} : { password }, database: decodeURIComponent(url.pathname.slice(1)),
    ssl: tls ? { ...tls } : false, connectionTimeoutMillis: CONNECT_MS,
    application_name: 'caxton-migrate',
  }
  return { url, config }
}
