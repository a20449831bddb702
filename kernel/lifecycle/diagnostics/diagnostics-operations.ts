import type { MessageInitShape } from '@bufbuild/protobuf'
import {
  Diagnostics, operations, type Handlers, type OperationService, type PartLogLevelSchema,
} from '../../contract/index.js'
import type { LogLevels } from '../../observability/log-levels.js'
import type { CollectedFiles } from './collected-files.js'

/** Bytes of a file in one answer. */
const PIECE = 256 * 1024

/** What the handlers of the diagnostics reach. */
export interface DiagnosticsMain {
  readonly levels: LogLevels
  readonly files: CollectedFiles
}

/** The operations for whoever looks for a fault. */
export const diagnosticsOperations: OperationService = operations(Diagnostics, (main: DiagnosticsMain): Handlers<typeof Diagnostics> => ({
  async listLogLevels () {
    return { configured: main.levels.configured, parts: shown(main.levels) }
  },

  async setLogLevel ({ part, level }) {
    main.levels.set(part, level)
    return { parts: shown(main.levels, part) }
  },

  async resetLogLevel ({ part }) {
    main.levels.reset(part)
    return { parts: shown(main.levels, part) }
  },

  async * collect () {
    for (const { name, text } of main.files.all()) {
      const content = Buffer.from(text)
      for (let at = 0; at === 0 || at < content.length; at += PIECE) yield { name, content: content.subarray(at, at + PIECE) }
    }
  },
}))

const shown = (levels: LogLevels, part = ''): Array<MessageInitShape<typeof PartLogLevelSchema>> => levels.list(part)
