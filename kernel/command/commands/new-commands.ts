import type { Command } from '../../contract/command.js'

/** Commands that begin something. */
export const newCommands: readonly Command[] = [{
  path: ['new', 'plugin'],
  summary: 'Makes a folder with a new plugin in TypeScript that builds, passes its kits and starts.',
  arguments: [{
    name: 'NAME', required: true,
    doc: 'Name of the plugin and of its folder, which is made here: <seam>-<how>. For `auth-`, `admission-` and `protocol-` it begins with '
      + 'what such a plugin has.',
  }],
  examples: [
    {
      type: 'caxton new plugin auth-door',
      does: 'Makes the folder "auth-door". In it, `npm install` and `npm test` build the plugin and try it.',
    },
  ],
  module: new URL('./new-plugin.js', import.meta.url).href,
}]
