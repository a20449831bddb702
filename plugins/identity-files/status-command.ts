import type { X509Certificate } from 'node:crypto'
import { readdir } from 'node:fs/promises'
import path from 'node:path'
import { Revocations, type CommandContext, type RunCommand } from '../../kernel/contract/index.js'
import { holderOf } from './certificate-maker.js'
import { dateText, folderOf, shownPath } from './certificate-words.js'
import { nameOf } from './credential-ages.js'
import { readCertificates } from './certificate-file.js'
import { readPem } from './credential-files.js'
import { IdentityFileUnreadable } from './identity-errors.js'

const DAY = 24 * 60 * 60 * 1000
const NOTICE_DAYS = 30

/** One file of the folder. */
interface Row {
  readonly file: string
  readonly kind: string
  readonly name: string
  readonly from: string
  readonly until: string
  /** `good`, `ending`, `expired`, `not yet valid`, `revoked`, or why it can't be read. */
  readonly state: string
  /** Files of the authorities that signed it. */
  readonly trustedBy: readonly string[]
}

/** `caxton security status`: exit code 1 if something is over, revoked or unreadable. */
export const run: RunCommand = async context => {
  const folder = folderOf(context)
  const names = await readdir(folder).catch((error: unknown) => {
    throw IdentityFileUnreadable({ file: folder, reason: error instanceof Error ? error.message : String(error) }, { cause: error })
  })
  const certificates = new Map<string, X509Certificate | string>()
  for (const name of names.filter(each => /\.(pem|crt)$/.test(each)).sort()) {
    certificates.set(name, await readCertificates(path.join(folder, name)).then(([first]) => first, (error: unknown) => wordsOf(error)))
  }
  const authorities = [...certificates].flatMap(([name, each]) => typeof each !== 'string' && each.ca ? [[name, each] as const] : [])
  const lists = await listsIn(folder, names, authorities.map(([, each]) => each))
  const now = context.clock.now()
  const rows = [
    ...[...certificates].map(([file, each]) =>
      typeof each === 'string' ? broken(file, each) : rowOf(file, each, authorities, lists.usable, now)),
    ...lists.rows(now),
  ]
  show(context, folder, rows)
  return rows.every(({ state }) => state === 'good' || state === 'ending') ? 0 : 1
}

function rowOf (
  file: string, certificate: X509Certificate, authorities: ReadonlyArray<readonly [string, X509Certificate]>,
  lists: readonly Revocations[], now: number,
): Row {
  const [from, until] = [Date.parse(certificate.validFrom), Date.parse(certificate.validTo)]
  const isRevoked = lists.some(list => list.since(certificate.raw) !== undefined)
  return {
    file, name: nameOf(certificate), from: dateText(from), until: dateText(until),
    kind: certificate.ca ? 'authority' : holderOf(certificate.toString())?.kind ?? 'other',
    state: isRevoked ? 'revoked' : ageOf(from, until, now),
    trustedBy: authorities
      .filter(([, authority]) => certificate.checkIssued(authority) && certificate.verify(authority.publicKey))
      .map(([name]) => name),
  }
}

interface Lists {
  readonly usable: readonly Revocations[]
  rows (now: number): Row[]
}

async function listsIn (folder: string, names: readonly string[], authorities: readonly X509Certificate[]): Promise<Lists> {
  const trust = authorities.map(each => each.toString()).join('\n')
  const found: Array<readonly [string, Revocations | string]> = []
  for (const name of names.filter(each => each.endsWith('.crl')).sort()) {
    const text = await readPem(path.join(folder, name)).catch((error: unknown) => error instanceof Error ? error : new Error(String(error)))
    found.push([name, text instanceof Error ? text.message : Revocations.read(text, trust)])
  }
  return {
    usable: found.flatMap(([, list]) => typeof list === 'string' ? [] : [list]),
    rows: now => found.map(([file, list]) => typeof list === 'string' ? broken(file, list) : {
      file, kind: 'revocations', name: `${list.serials().size} revoked`, from: '', trustedBy: [],
      until: list.until === Infinity ? '' : dateText(list.until), state: ageOf(0, list.until, now),
    }),
  }
}

function ageOf (from: number, until: number, now: number): string {
  if (now < from) return 'not yet valid'
  if (now >= until) return 'expired'
  return until - now <= NOTICE_DAYS * DAY ? 'ending' : 'good'
}

const broken = (file: string, state: string): Row => ({ file, kind: 'unreadable', name: '', from: '', until: '', state, trustedBy: [] })
const wordsOf = (error: unknown): string => error instanceof Error ? error.message : String(error)

function show (context: CommandContext, folder: string, rows: readonly Row[]): void {
  context.terminal.table(rows, [
    { heading: 'FILE', text: row => shownPath(context, path.join(folder, row.file)) },
    { heading: 'KIND', text: row => row.kind },
    { heading: 'NAME', text: row => row.name },
    { heading: 'FROM', text: row => row.from },
    { heading: 'UNTIL', text: row => row.until },
    { heading: 'STATE', text: row => row.state },
    { heading: 'TRUSTED BY', text: row => row.trustedBy.join(', ') },
  ], { folder, certificates: rows })
}
