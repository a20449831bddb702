import { readdir, readFile, readlink } from 'node:fs/promises'

const LISTENING = '0A'
const MOST_PROCESSES = 5_000

/**
 * Names the process that listens on a TCP port of this machine: `process 4711 (node)`. Looks into Linux's /proc, where
 * it sees all processes of the same user; elsewhere, and for other users' processes, it is `another process`.
 */
export async function portHolder (port: number): Promise<string> {
  try {
    const sockets = [...await listeningInodes('/proc/net/tcp', port), ...await listeningInodes('/proc/net/tcp6', port)]
    const processes = (await readdir('/proc')).filter(entry => /^\d+$/.test(entry)).slice(0, MOST_PROCESSES)
    for (const id of processes) {
      if (await holdsOne(id, sockets)) return `process ${id} (${(await readFile(`/proc/${id}/comm`, 'utf8')).trim()})`
    }
  } catch {
    // No /proc, or the process just ended: the port is taken all the same.
  }
  return 'another process'
}

/** Columns of /proc/net/tcp: number, local address:port in hex, remote, state, five more, inode. */
async function listeningInodes (table: string, port: number): Promise<string[]> {
  const rows = (await readFile(table, 'utf8').catch(() => '')).split('\n').slice(1)
  const wanted = `:${port.toString(16).toUpperCase().padStart(4, '0')}`
  return rows.map(row => row.trim().split(/\s+/))
    .filter(([, local, , state]) => local?.endsWith(wanted) === true && state === LISTENING)
    .map(columns => `socket:[${columns[9] ?? ''}]`)
}

async function holdsOne (id: string, sockets: readonly string[]): Promise<boolean> {
  const files = await readdir(`/proc/${id}/fd`).catch(() => [])
  for (const file of files) {
    const target = await readlink(`/proc/${id}/fd/${file}`).catch(() => '')
    if (sockets.includes(target)) return true
  }
  return false
}
