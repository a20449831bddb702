import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A new folder; `remove` takes it away with everything in it. */
export class TemporaryFolder {
  readonly path = mkdtempSync(join(tmpdir(), 'caxton-test-'))

  file (...names: string[]): string {
    return join(this.path, ...names)
  }

  remove (): void {
    rmSync(this.path, { recursive: true, force: true })
  }
}
