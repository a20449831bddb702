import { join } from 'node:path'
import Database from 'better-sqlite3'
import { neverCollected } from './never-collected.js'

/** The keys that a server's store holds in one of the kernel's collections, in order. It must have ended: it keeps the file to itself. */
export function keptIn (dataFolder: string, collection: string): readonly string[] {
  const database = neverCollected(new Database(join(dataFolder, 'caxton.db'), { readonly: true }))
  try {
    const prepare = (sql: string): Database.Statement<unknown[]> => neverCollected(database.prepare<unknown[]>(sql).pluck())
    const id = prepare('SELECT id FROM caxton_collections WHERE name = ?').get(collection)
    return prepare(`SELECT key FROM collection_${String(id)} ORDER BY key`).all().map(String)
  } finally {
    database.close()
  }
}
