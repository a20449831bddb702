import type { StateBackend } from '../../kernel/contract/index.js'

/** Deletes every key, so that the next test finds no data and need not wait for a new backend. */
export async function emptyState (backend: StateBackend): Promise<void> {
  for (let more = true; more;) {
    const page = await backend.list('', undefined, 1000)
    if (page.keys.length > 0) await backend.commit(page.keys.map(key => ({ key, delete: true })))
    more = page.more
  }
}
