import path from 'node:path'
import {
  ClockToken, IdentityToken, inject, injectable, MetricsToken, NodeToken, optional, PluginConfig, PluginContextToken, RandomToken,
  type AuditLog, type AuditRecord, type Clock, type Counter, type Health, type Identity, type Metrics, type NodeFacts,
  type PluginContext, type PluginLife, type Random, type SecurityEvent, type Timer,
} from '../../kernel/contract/index.js'
import { AuditLogStopped } from './audit-errors.js'
import type { AuditLogConfig } from './audit-log-config.js'
import { ChainWriter } from './chain/chain-writer.js'
import { endOf } from './chain/log-opening.js'
import { SigningKey } from './chain/signing-key.js'
import { FileFolder } from './folder/file-folder.js'
import type { FolderKeys } from './folder/audit-folder.js'
import { forwardTargets } from './forward/forward-targets.js'
import { Forwarder } from './forward/forwarder.js'
import { queryAudit, type AuditQuestion, type FoundRecord } from './reading/audit-query.js'
import { FactsOfRecords } from './record-facts.js'
import { RefusalBound } from './refusal-bound.js'
import { Retention } from './retention.js'

const HOUR = 3_600_000
/** How long records that are still to be forwarded may take at the end, in milliseconds. */
const LAST_FORWARDS = 2_000

/** What exists from start to stop. */
interface Running {
  readonly writer: ChainWriter
  readonly facts: FactsOfRecords
  readonly refusals: RefusalBound
  readonly retention: Retention
  readonly forwarders: readonly Forwarder[]
}

/** Keeps the record of who did what, in a chain of records in files. The plugin's living part. */
@injectable()
export class FileAuditLog implements AuditLog, PluginLife {
  readonly #over = new AbortController()
  readonly #folder: FileFolder
  readonly #written: Counter
  readonly #notForwarded: Counter
  readonly #suppressed: Counter
  #running: Running | undefined
  #starting: Promise<void> | undefined
  #trouble: string | undefined
  #hourly: Timer | undefined
  #retiring: Promise<void> = Promise.resolve()

  constructor (
    @inject(NodeToken) private readonly node: NodeFacts,
    @inject(ClockToken) private readonly clock: Clock,
    @inject(RandomToken) random: Random,
    @inject(MetricsToken) metrics: Metrics,
    @inject(optional(IdentityToken)) private readonly identity: Identity | undefined,
    @inject(PluginConfig) private readonly config: AuditLogConfig,
    @inject(PluginContextToken) private readonly context: PluginContext,
  ) {
    this.#folder = new FileFolder(config.folder ?? path.join(node.dataDirectory, 'audit'), random)
    this.#written = metrics.counter('caxton_audit_records_total', 'Records that are in the audit log, by event.', ['event'])
    this.#notForwarded = metrics.counter(
      'caxton_audit_forward_lost_total', 'Records that could not be forwarded, by where to.', ['to'])
    this.#suppressed = metrics.counter(
      'caxton_audit_suppressed_total', 'Refusals that were only counted, because there were too many.')
  }

  start (): Promise<void> {
    this.#starting = this.#open()
    return this.#starting
  }

  async stop (): Promise<void> {
    this.#over.abort()
    // Files that are opened after this would be closed by nobody.
    await this.#starting?.catch(() => undefined)
    this.#hourly?.cancel()
    const running = this.#running
    this.#running = undefined
    await this.#retiring
    try {
      running?.refusals.flush()
      await running?.writer.stop()
    } finally {
      const enough = new AbortController()
      const timer = this.clock.after(LAST_FORWARDS, () => { enough.abort() })
      await Promise.all((running?.forwarders ?? []).map(forwarder => forwarder.stop(enough.signal)))
      timer.cancel()
      await this.#folder.close()
    }
  }

  health (): Health {
    return this.#trouble === undefined ? { state: 'ready' } : { state: 'degraded', detail: `${this.#trouble}: changes are refused` }
  }

  /**
   * An intent is on the disk when the promise resolves. Of everything else the place in the chain is certain then, and it is on the disk
   * with the next group. Rejects with `AUDIT_LOG_UNWRITABLE`, `AUDIT_LOG_FULL` and `AUDIT_LOG_STOPPED`.
   */
  async record (record: AuditRecord | SecurityEvent): Promise<void> {
    const running = this.#running
    if (running === undefined) throw AuditLogStopped({})
    const { writer, facts, refusals } = running
    if (record.event === 'intent') return await writer.keep(facts.of(record))
    if (record.event === 'outcome' && !record.changes && this.config.reads !== 'all') return
    if (record.event === 'refused' && !refusals.passes(record.result ?? '')) return
    writer.post(facts.of(record))
  }

  /** The records that a question asks for. Throws `AUDIT_QUERY_INVALID`. */
  async * query (question: AuditQuestion, credential: string, signal: AbortSignal): AsyncGenerator<FoundRecord, void, undefined> {
    const running = this.#running
    if (running === undefined) throw AuditLogStopped({})
    const asked = credential === '' ? question : { ...question, credential: running.facts.hashOf(credential) }
    yield * queryAudit(this.#folder, asked, signal)
  }

  async #open (): Promise<void> {
    const keys = await this.#folder.keys()
    const end = await endOf(this.#folder, keys.hash)
    if (end.torn !== undefined) this.context.log.warn('the audit log had an unfinished end, which was cut off', end.torn)
    const forwarders = this.#forwarders()
    const settings = {
      nodeId: this.node.nodeId, segmentSize: this.config.segment_size, segmentAge: this.config.segment_age,
      checkpointInterval: this.config.checkpoint_interval, queue: this.config.queue,
    }
    const writer = new ChainWriter({
      folder: this.#folder, hashKey: keys.hash, clock: this.clock, settings,
      written: (line, event) => { this.#isWritten(line, event, forwarders) },
      trouble: error => { this.#noteTrouble(error) },
    }, end, this.#signingKey(keys))
    await writer.keep({ event: 'opened', version: this.node.version, torn: end.torn }, true)
    const retention = new Retention(this.#folder, { keepFor: this.config.keep_for, keepSize: this.config.keep_size }, writer)
    const refusals = new RefusalBound(this.clock, this.config.refusals_per_second, beyond => { this.#noteBeyond(writer, beyond) })
    this.#running = { writer, retention, refusals, forwarders, facts: new FactsOfRecords(keys.hash) }
    this.identity?.onChange(() => { writer.changeSigner(this.#signingKey(keys)) }, this.#over.signal)
    this.#retire(retention)
  }

  #forwarders (): Forwarder[] {
    const sender = { nodeId: this.node.nodeId, processId: process.pid }
    return forwardTargets(this.config, sender, this.clock).map(target => new Forwarder(target, this.config.forward_queue, (to, error) => {
      this.#notForwarded.add(1, { to })
      this.context.log.debug('a record of the audit log was not forwarded', { to, error })
    }))
  }

  #isWritten (line: string, event: string, forwarders: readonly Forwarder[]): void {
    this.#written.add(1, { event })
    if (forwarders.length === 0) return
    const text = line.slice(0, -1)
    for (const forwarder of forwarders) forwarder.forward(text, event)
  }

  /** The key by which the node is known, where it has one that can sign. */
  #signingKey ({ signing }: FolderKeys): SigningKey {
    const credentials = this.identity?.credentials()
    return credentials === undefined ? SigningKey.own(signing) : SigningKey.ofNode(credentials)
  }

  #noteTrouble (error: Error | undefined): void {
    if (error === undefined) {
      this.context.log.info('the audit log can be written again')
      this.#trouble = undefined
      return
    }
    const isNews = this.#trouble === undefined
    this.#trouble = `the audit log can't be written (${error.message})`
    if (isNews) this.context.log.error('the audit log can not be written: changes are refused until it can', { error })
  }

  #noteBeyond (writer: ChainWriter, beyond: ReadonlyMap<string, number>): void {
    for (const count of beyond.values()) this.#suppressed.add(count)
    try {
      writer.post({ event: 'suppressed', refused: Object.fromEntries(beyond) })
    } catch (error) {
      this.context.log.warn('refusals beyond the bound could not be put on record', { error })
    }
  }

  #retire (retention: Retention): void {
    this.#retiring = retention.apply(this.clock.now()).then(through => {
      if (through !== undefined) this.context.log.info('old segments of the audit log were removed', { through })
    }).catch((error: unknown) => {
      this.context.log.warn('old segments of the audit log could not be removed', { error })
    })
    if (!this.#over.signal.aborted) this.#hourly = this.clock.after(HOUR, () => { this.#retire(retention) })
  }
}
