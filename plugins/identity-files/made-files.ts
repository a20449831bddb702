import { existsSync } from 'node:fs'
import { link, mkdir, rename, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { CertificateFileExists, CertificateFileUnwritable } from './certificate-errors.js'
import type { MadeCertificate } from './certificate-maker.js'

/** Where a new certificate and its key go. */
export interface MadePlaces {
  readonly certificate: string
  readonly key: string
}

/**
 * Writes a new certificate and its key, which only the owner may read; makes their folder. What is there already is left
 * alone unless `force`. A file appears whole or not at all. Throws `CERTIFICATE_FILE_EXISTS` and `CERTIFICATE_FILE_UNWRITABLE`.
 */
export async function writeMade (made: Omit<MadeCertificate, 'until'>, places: MadePlaces, force: boolean): Promise<void> {
  checkVacant(places, force)
  // The key first: a certificate without its key would look finished.
  await place(places.key, made.key, 0o600, force)
  await place(places.certificate, made.certificate, 0o644, force)
}

/** Writes one file that all may read, whole or not at all, in the place of what is there. Throws `CERTIFICATE_FILE_UNWRITABLE`. */
export const writePublic = (file: string, text: string): Promise<void> => place(file, text, 0o644, true)

/** Throws `CERTIFICATE_FILE_EXISTS` when one of the places is taken, so that nothing is made in vain. */
export function checkVacant (places: MadePlaces, force: boolean): void {
  const taken = [places.key, places.certificate].find(file => existsSync(file))
  if (taken !== undefined && !force) throw CertificateFileExists({ file: taken })
}

async function place (file: string, text: string, mode: number, force: boolean): Promise<void> {
  const fresh = `${file}.${process.pid}.new`
  try {
    await mkdir(path.dirname(file), { recursive: true, mode: 0o755 })
    await writeFile(fresh, text, { mode, flag: 'wx', flush: true })
    // A link, unlike a renaming, never takes the place of a file that came in between.
    if (force) await rename(fresh, file)
    else await link(fresh, file)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') throw CertificateFileExists({ file }, { cause: error })
    throw CertificateFileUnwritable({ file, reason: error instanceof Error ? error.message : String(error) }, { cause: error })
  } finally {
    await rm(fresh, { force: true })
  }
}
