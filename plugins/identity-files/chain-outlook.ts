import { X509Certificate } from 'node:crypto'
import { readFile } from 'node:fs/promises'

/** What the file of the node's certificate holds, as a sentence for `caxton server check`. */
export async function chainOutlook (chain: string): Promise<string> {
  try {
    const { validTo } = new X509Certificate(await readFile(chain))
    return `the node's certificate is in ${chain}, and valid until ${new Date(validTo).toISOString().slice(0, 10)}`
  } catch (error) {
    const because = error instanceof Error && 'code' in error && error.code === 'ENOENT' ? 'where there is none' : 'which holds none'
    return `the node's certificate is to be in ${chain}, ${because}; \`caxton security gen-cert\` makes it`
  }
}
