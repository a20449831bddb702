import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { pluginKit } from '../../kits/plugin.js'
import { REPOSITORY } from '../../support/docs/markdown.js'
import { builtInSubjects, needsServer } from '../../support/plugins/built-in-subjects.js'

const folder = join(REPOSITORY, 'dist', 'plugins')

/** A new plugin is tried with nothing but what the kit gives; what it needs besides is written down in built-in-subjects. */
for (const name of readdirSync(folder).toSorted()) {
  pluginKit(name, {
    setup: async () => ({ module: new URL(`file://${join(folder, name, 'plugin.js')}`), ...await builtInSubjects[name]?.() }),
    teardown: async () => {},
    lacks: needsServer.includes(name) ? ['start'] : [],
  })
}
