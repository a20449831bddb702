import { createHash } from 'node:crypto'
import { AuditLogDamaged } from '../audit-errors.js'
import type { AuditFolder } from '../folder/audit-folder.js'
import { ChainCheck } from '../reading/chain-check.js'
import { linesOf } from '../reading/lines.js'
import { decodeHead, encodeHead, type Head } from './head.js'
import { NOTHING_BEFORE, openLine, type Position } from './sealed-line.js'

/** Where to go on writing. */
export interface LogEnd {
  readonly segment: number
  /** Bytes of the segment that are good. */
  readonly size: number
  readonly position: Position
  /** When the segment began, in milliseconds since the Unix epoch; undefined for one that has not. */
  readonly began: number | undefined
  /** What a run that was killed left unfinished, and was taken away. */
  readonly torn: { readonly bytes: number, readonly sha256: string } | undefined
}

interface Tail extends LogEnd {
  /** What is wrong after the good part. */
  readonly problem: string | undefined
  readonly line: number
  /** Of the record that the head names. */
  readonly hashAtHead: string | undefined
}

/**
 * Finds the end of a log, as whoever wrote it left it. What follows the last record that was promised to be on disk was not finished by a
 * run that was killed, and is cut off. Throws `AUDIT_LOG_DAMAGED` when what was promised is not there.
 */
export async function endOf (folder: AuditFolder, hashKey: Uint8Array): Promise<LogEnd> {
  const segments = await folder.segments()
  const bytes = await folder.head()
  const last = segments.at(-1)
  if (bytes === undefined && last === undefined) return await begin(folder, hashKey)
  const head = bytes === undefined ? undefined : decodeHead(bytes, hashKey)
  if (head === undefined) {
    throw AuditLogDamaged({ place: 'head.json', reason: bytes === undefined ? 'it is missing' : 'it is not as it was written' })
  }
  if (last === undefined) {
    if (head.seq === 0) return await begin(folder, hashKey)
    throw AuditLogDamaged({ place: `segment ${head.segment}`, reason: 'it is missing' })
  }
  const tail = await tailOf(folder, last, head.seq)
  if (tail.size === 0 && last > head.segment) {
    // A run was killed when it began a segment.
    await folder.remove(last)
    return await endOf(folder, hashKey)
  }
  checkHead(tail, head)
  if (tail.torn !== undefined) await cut(folder, tail)
  return tail
}

async function begin (folder: AuditFolder, hashKey: Uint8Array): Promise<LogEnd> {
  await folder.writeHead(encodeHead({ segment: 1, seq: 0, hash: NOTHING_BEFORE }, hashKey))
  return { segment: 1, size: 0, position: { seq: 0, hash: NOTHING_BEFORE }, began: undefined, torn: undefined }
}

function checkHead (tail: Tail, head: Head): void {
  const { segment, position, problem, line, hashAtHead } = tail
  if (position.seq < head.seq || segment < head.segment) {
    const reason = problem === undefined
      ? `it ends with record ${position.seq}, and ${head.seq} were written`
      : `the record in line ${line} ${problem}`
    throw AuditLogDamaged({ place: `segment ${segment}`, reason })
  }
  if (hashAtHead === head.hash) return
  throw AuditLogDamaged({ place: `segment ${segment}`, reason: `record ${head.seq} is not the one that was written` })
}

/** Checks all of one segment: what may be torn is never far from the end, but a segment is short. */
async function tailOf (folder: AuditFolder, segment: number, headSeq: number): Promise<Tail> {
  const check = new ChainCheck()
  check.enter(segment)
  let hashAtHead = headSeq === 0 ? NOTHING_BEFORE : undefined
  const torn = createHash('sha256')
  let [size, tornBytes, lineNumber] = [0, 0, 0]
  let began: number | undefined
  let problem: string | undefined
  for await (const line of linesOf(folder.read(segment))) {
    problem ??= check.take(line)
    if (problem === undefined) {
      size = line.offset + line.bytes.length + 1
      if (line.number === 1) {
        began = Date.parse(openLine(line.bytes)?.body.time ?? '')
        if (check.before.seq === headSeq) hashAtHead = check.before.hash
      }
      if (check.position.seq === headSeq) hashAtHead = check.position.hash
    } else {
      lineNumber ||= line.number
      tornBytes += line.bytes.length + (line.isWhole ? 1 : 0)
      torn.update(line.bytes)
    }
  }
  return {
    segment, size, position: check.position, began, problem, line: lineNumber, hashAtHead,
    torn: tornBytes === 0 ? undefined : { bytes: tornBytes, sha256: torn.digest('hex') },
  }
}

async function cut (folder: AuditFolder, { segment, size }: LogEnd): Promise<void> {
  const open = await folder.open(segment)
  try {
    await open.truncate(size)
  } finally {
    await open.close()
  }
}
