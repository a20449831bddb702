import { join } from 'node:path'
import Database from 'better-sqlite3'

/** The keys that a server's store holds in one of the kernel's collections, in order. It must have ended: it keeps the file to itself. */
export function keptIn (dataFolder: string, collection: string): readonly string[] {
  const database = new Database(join(dataFolder, 'caxton.db'), { readonly: true })
  try {
    const id = database.prepare('SELECT id FROM caxton_collections WHERE name = ?').pluck().get(collection)
    return database.prepare(`SELECT key FROM collection_${String(id)} ORDER BY key`).pluck().all().map(String)
  } finally {
    database.close()
  }
}
