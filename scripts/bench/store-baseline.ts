import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import Database from 'better-sqlite3'
import { neverCollected } from '../../test/support/never-collected.js'

const MEASURED = 4_000
const ROWS = 500
const PAIRS = 400
/** Header, sender's name and frame of a kept message with 200 bytes of content. */
const VALUE_BYTES = 340

/**
 * Messages per second that a database can keep and delete again, `synchronous=FULL` with a write-ahead log and nothing else in the way:
 * each transaction keeps 500 and deletes the 500 of the one before.
 */
export function groupCommits (): number {
  const folder = mkdtempSync(path.join(tmpdir(), 'caxton-bench-store-'))
  const database = neverCollected(new Database(path.join(folder, 'rows.db')))
  for (const pragma of ['locking_mode = EXCLUSIVE', 'journal_mode = WAL', 'synchronous = FULL']) database.exec(`PRAGMA ${pragma}`)
  database.exec('CREATE TABLE inbox (key TEXT NOT NULL PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID')
  const keep = neverCollected(database.prepare('INSERT INTO inbox VALUES (?, ?)'))
  const forget = neverCollected(database.prepare('DELETE FROM inbox WHERE key = ?'))
  const value = Buffer.alloc(VALUE_BYTES, 1)
  const keyOf = (serial: number): string => `left-${serial % PAIRS}/${serial.toString(16).padStart(13, '0')}`
  const commit = database.transaction((from: number) => {
    for (let serial = from; serial < from + ROWS; serial++) {
      keep.run(keyOf(serial), value)
      if (serial >= ROWS) forget.run(keyOf(serial - ROWS))
    }
  })
  const began = performance.now()
  let kept = 0
  for (; performance.now() - began < MEASURED; kept += ROWS) commit(kept)
  const rate = kept / (performance.now() - began) * 1e3
  database.close()
  rmSync(folder, { recursive: true })
  return rate
}
