import { X509Certificate, type KeyObject } from 'node:crypto'
import { decodeHead } from '../chain/head.js'
import { NOTHING_BEFORE } from '../chain/sealed-line.js'
import type { SignerFacts } from '../chain/signing-key.js'
import type { AuditReading } from '../folder/audit-folder.js'
import { ChainCheck } from './chain-check.js'
import { linesOf } from './lines.js'

/** The first place where a log is not as it was written. */
export interface Flaw {
  readonly segment: number
  /** Counted from 1; 0: not one line, but the segment or its end. */
  readonly line: number
  /** The record that belongs there. */
  readonly seq: number
  readonly why: string
}

export interface Verified {
  readonly records: number
  readonly segments: number
  readonly signers: readonly SignerFacts[]
  /** The last record that is right. */
  readonly seq: number
  readonly hash: string
  readonly flaw: Flaw | undefined
  /** What could not be checked, or is no flaw but worth knowing. */
  readonly notes: readonly string[]
}

/** Whose signatures count. */
export interface Trust {
  /** Certificates of authorities in PEM; empty: any. */
  readonly authorities: readonly X509Certificate[]
  /** Ids of keys; empty: any. */
  readonly signers: readonly string[]
}

/** Goes through a whole log, to its first flaw. */
export async function verifyLog (reading: AuditReading, trust: Trust): Promise<Verified> {
  // The head first: a running server may write more meanwhile.
  const headBytes = await reading.head()
  const key = await reading.hashKey()
  const segments = await reading.segments()
  const check = new ChainCheck()
  const walk = await walked(reading, segments, check, headBytes === undefined ? undefined : decodeHead(headBytes, key)?.seq)
  const flaw = earliest(walk.flaw, missingBefore(segments, check), endFlaw(headBytes, key, check, walk), strangerFlaw(check, trust))
  return {
    records: walk.records, segments: segments.length, flaw, seq: check.position.seq, hash: check.position.hash,
    signers: [...check.signers.values()].map(({ facts }) => facts),
    notes: [
      ...key === undefined ? ['the head could not be checked against its keyed hash: the key is not here, or not for this user'] : [],
      ...walk.note === undefined ? [] : [walk.note],
    ],
  }
}

interface Walk {
  readonly records: number
  readonly flaw: Flaw | undefined
  readonly note: string | undefined
  /** Of the record that the head names. */
  readonly hashAtHead: string | undefined
  readonly segment: number
}

async function walked (reading: AuditReading, segments: readonly number[], check: ChainCheck, headSeq: number | undefined): Promise<Walk> {
  let [records, segment] = [0, 0]
  let hashAtHead = headSeq === 0 ? NOTHING_BEFORE : undefined
  for (const number of segments) {
    const flawAt = (line: number, why: string): Walk =>
      ({ records, note: undefined, hashAtHead, segment: number, flaw: { segment: number, line, seq: check.position.seq + 1, why } })
    if (segment > 0 && number !== segment + 1) return { ...flawAt(0, `segment ${segment + 1} is missing`), segment }
    segment = number
    check.enter(number)
    let lines = 0
    for await (const line of linesOf(reading.read(number))) {
      lines = line.number
      const isLast = number === segments.at(-1)
      if (!line.isWhole && isLast && headSeq !== undefined && check.position.seq >= headSeq) {
        return {
          records, segment, hashAtHead, flaw: undefined,
          note: `the last line of segment ${number} is unfinished: the server is writing it, or was killed; it was never promised`,
        }
      }
      const why = check.take(line)
      if (why !== undefined) return flawAt(line.number, `the record ${why}`)
      records += 1
      if (check.before.seq === headSeq && hashAtHead === undefined) hashAtHead = check.before.hash
      if (check.position.seq === headSeq) hashAtHead = check.position.hash
    }
    if (lines === 0 && number !== segments.at(-1)) return flawAt(0, 'the segment is empty')
  }
  return { records, segment, hashAtHead, flaw: undefined, note: undefined }
}

/** The first segment must be the one after those that, as the log itself says, were removed when their time was over. */
function missingBefore (segments: readonly number[], { retiredThrough }: ChainCheck): Flaw | undefined {
  const [first] = segments
  if (first === undefined || first <= retiredThrough + 1) return undefined
  const missing = first === retiredThrough + 2 ? `segment ${first - 1} is` : `segments ${retiredThrough + 1} to ${first - 1} are`
  return { segment: retiredThrough + 1, line: 0, seq: 0, why: `${missing} missing, and the log does not say that they were to go` }
}

function endFlaw (bytes: Uint8Array | undefined, key: Uint8Array | undefined, check: ChainCheck, walk: Walk): Flaw | undefined {
  const at = { segment: Math.max(walk.segment, 1), line: 0, seq: check.position.seq + 1 }
  if (bytes === undefined) return { ...at, why: 'head.json is missing, so that nobody knows how long the log was' }
  const head = decodeHead(bytes, key)
  if (head === undefined) return { ...at, why: 'head.json is not as it was written' }
  if (check.position.seq < head.seq) {
    return { ...at, why: `the log ends with record ${check.position.seq}, and ${head.seq} were written: its end was cut off` }
  }
  return walk.hashAtHead === head.hash ? undefined : { ...at, seq: head.seq, why: `record ${head.seq} is not the one that head.json names` }
}

function strangerFlaw ({ signers }: ChainCheck, trust: Trust): Flaw | undefined {
  for (const { facts } of signers.values()) {
    const why = doubtOf(facts, trust)
    if (why !== undefined) return { segment: 0, line: 0, seq: 0, why: `it is signed by ${facts.id}, ${why}` }
  }
  return undefined
}

function doubtOf ({ id, certificate }: SignerFacts, { authorities, signers }: Trust): string | undefined {
  if (signers.length > 0 && !signers.includes(id)) return 'which is not one of the keys that were named'
  if (authorities.length === 0) return undefined
  if (certificate === undefined) return 'a key without a certificate'
  const shown = new X509Certificate(Buffer.from(certificate, 'base64'))
  const isFrom = (authority: X509Certificate, key: KeyObject): boolean => shown.checkIssued(authority) && shown.verify(key)
  const isTrusted = authorities.some(authority => isFrom(authority, authority.publicKey))
  return isTrusted ? undefined : 'whose certificate is from no authority that is trusted'
}

/** What stands earlier in the log explains what is wrong later. */
function earliest (...flaws: ReadonlyArray<Flaw | undefined>): Flaw | undefined {
  return flaws.find(flaw => flaw !== undefined)
}
