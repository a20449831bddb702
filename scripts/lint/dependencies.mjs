import { join } from 'node:path'
import { cruise } from 'dependency-cruiser'
import { filesBelow } from '../sources.mjs'
import { dependencyRules } from './dependency-rules.mjs'
import { castShadow, sourceName } from './shadow-tree.mjs'

const FOLDERS = ['kernel', 'plugins', 'test']

/** Code for agents, in another language that looks like TypeScript; and declarations, which hold no code. */
export const isForeign = path => /(^|\/)assembly\/|^plugins\/engine-wasm\/(sdk|template)\/|\.d\.ts$/.test(path)

/** One sentence with a remedy for each import that breaks a rule. */
export async function dependencyProblems (base, modules = join(base, 'node_modules')) {
  const files = FOLDERS.flatMap(folder => filesBelow(folder, /\.ts$/, base)).filter(path => !isForeign(path))
  const shadow = castShadow(base, files, modules)
  try {
    const { output } = await cruise(FOLDERS.filter(folder => files.some(path => path.startsWith(`${folder}/`))), {
      baseDir: shadow.folder,
      validate: true,
      ruleSet: { forbidden: dependencyRules },
      doNotFollow: { path: 'node_modules' },
      combinedDependencies: true,
      enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default'] },
    })
    return output.summary.violations.map(describe)
  } finally {
    shadow.remove()
  }
}

function describe ({ rule, from, to, cycle }) {
  const chain = cycle === undefined ? [to] : cycle.map(step => step.name ?? step)
  const { comment } = dependencyRules.find(({ name }) => name === rule.name)
  return `${[from, ...chain].map(sourceName).join(' → ')}: ${rule.name}. ${comment}`
}
