import { X509Certificate } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import type { CommandContext, RunCommand } from '../../kernel/contract/index.js'
import { AuditFolderUnreadable, AuditQueryInvalid } from './audit-errors.js'
import { optionOf } from './audit-question.js'
import { HEAD_NAME } from './folder/file-names.js'
import { FileReading } from './folder/file-reading.js'
import { verifyLog, type Verified } from './reading/verification.js'

/** `caxton audit verify`: exit code 0 if the log is whole, 1 if not. */
export const run: RunCommand = async context => {
  const { input, terminal, workingFolder } = context
  const folder = path.resolve(workingFolder, input.arguments['folder']?.[0] ?? '')
  const signers = input.options['signer']
  const verified = await verifiedIn(folder, {
    authorities: await authoritiesOf(context), signers: signers === undefined || signers === true ? [] : signers,
  })
  show(context, folder, verified)
  for (const note of verified.notes) terminal.say(`Note: ${note}.`)
  return verified.flaw === undefined ? 0 : 1
}

async function verifiedIn (folder: string, trust: Parameters<typeof verifyLog>[1]): Promise<Verified> {
  const reading = new FileReading(folder)
  try {
    if ((await reading.segments()).length === 0 && !existsSync(path.join(folder, HEAD_NAME))) {
      throw new Error('it holds no audit log')
    }
    return await verifyLog(reading, trust)
  } catch (error) {
    throw AuditFolderUnreadable({ folder, reason: error instanceof Error ? error.message : String(error) }, { cause: error })
  }
}

async function authoritiesOf (context: CommandContext): Promise<X509Certificate[]> {
  const name = optionOf(context, 'trust')
  if (name === '') return []
  try {
    const text = await readFile(path.resolve(context.workingFolder, name), 'utf8')
    const blocks = text.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g) ?? []
    if (blocks.length > 0) return blocks.map(block => new X509Certificate(block))
  } catch (error) {
    throw AuditQueryInvalid({ part: '`--trust`', problem: error instanceof Error ? error.message : String(error) }, { cause: error })
  }
  throw AuditQueryInvalid({ part: '`--trust`', problem: `there are no certificates in ${name}` })
}

function show ({ terminal }: CommandContext, folder: string, verified: Verified): void {
  const { flaw, records, segments, seq, hash } = verified
  const signers = verified.signers.map(({ id, certificate }) =>
    ({ id, kind: certificate === undefined ? 'the log\'s own key' : 'the node\'s certificate' }))
  const { notes } = verified
  terminal.record([
    ['folder', folder],
    ['result', flaw === undefined ? 'whole' : 'NOT AS IT WAS WRITTEN'],
    ...flaw === undefined ? [] : [
      ['place', flaw.line === 0 ? `segment ${flaw.segment}` : `segment ${flaw.segment}, line ${flaw.line}, record ${flaw.seq}`] as const,
      ['why', flaw.why] as const,
    ],
    ['records', `${records} in ${segments} segments`],
    ['last', `${seq} ${hash}`],
    ...signers.map(({ id, kind }) => ['signed by', `${id} (${kind})`] as const),
  ], { folder, isWhole: flaw === undefined, ...flaw === undefined ? {} : { flaw }, records, segments, seq, hash, signers, notes })
}
