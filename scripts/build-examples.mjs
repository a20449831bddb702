// Builds examples/<name> into examples/build/<name>.wasm where the sources are newer: AssemblyScript by asc, WAT by
// wabt, C by clang if there is one. A folder of several agents gives a module of each: <name>-<source>.wasm.
import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { basename, delimiter, dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..')
const examples = join(root, 'examples')
const sdk = join(root, 'plugins', 'engine-wasm', 'sdk')

/** Builds what is not up to date. Resolves to the names of the examples that exist as modules now. */
export async function buildExamples (say = console.log, force = false) {
  mkdirSync(join(examples, 'build'), { recursive: true })
  const present = []
  for (const { name, folder, language, source } of findExamples()) {
    const output = join(examples, 'build', `${name}.wasm`)
    const needs = [join(examples, folder), sdk, fileURLToPath(import.meta.url)]
    if (force || modified(output) < Math.max(...needs.map(newest))) {
      const began = performance.now()
      const skipped = await builders[language](source, output)
      if (skipped !== undefined) {
        say(`example ${name} skipped: ${skipped}`)
        continue
      }
      const seconds = ((performance.now() - began) / 1000).toFixed(1)
      const { size } = statSync(output)
      say(`example ${name} built from ${language}: ${relative(root, output)}, ${size} bytes, ${seconds} s`)
    }
    present.push(name)
  }
  return present
}

function findExamples () {
  const languages = [['ts', 'AssemblyScript'], ['wat', 'WAT'], ['c', 'C']]
  return readdirSync(examples, { withFileTypes: true })
    .filter(entry => entry.isDirectory() && entry.name !== 'build')
    .flatMap(({ name: folder }) => languages.flatMap(([extension, language]) => {
      const sources = readdirSync(join(examples, folder)).filter(file => file.endsWith(`.${extension}`))
      return sources.map(file => ({
        folder, language, source: join(examples, folder, file),
        name: sources.length === 1 ? folder : `${folder}-${basename(file, `.${extension}`)}`,
      }))
    }))
}

const builders = {
  async AssemblyScript (source, output) {
    const asc = await import('assemblyscript/asc')
    const options = ['--config', relative(root, join(sdk, 'asconfig.json')), '--outFile', relative(root, output)]
    let complaints = ''
    const stderr = { write: text => { complaints += text } }
    const { error } = await asc.main([relative(root, source), ...options, '--baseDir', root], { stderr })
    if (error) throw new Error(`${relative(root, source)} does not compile:\n${complaints}`, { cause: error })
  },

  async WAT (source, output) {
    const wabt = await (await import('wabt')).default()
    const module = wabt.parseWat(relative(root, source), readFileSync(source, 'utf8'), { bulk_memory: true })
    try {
      module.resolveNames()
      module.validate()
      writeFileSync(output, module.toBinary({}).buffer)
    } finally {
      module.destroy()
    }
  },

  async C (source, output) {
    const clang = findClang()
    if (clang === undefined) return 'there is no clang with wasm-ld here (on Debian: apt install clang lld)'
    const words = ['--target=wasm32', '-O2', '-ffreestanding', '-nostdlib', '-mbulk-memory', '-Wall', '-Wextra']
    const link = ['-Wl,--no-entry', '-Wl,--strip-all', '-Wl,-z,stack-size=4096']
    const run = spawnSync(clang, [...words, ...link, '-o', output, source], { encoding: 'utf8', env: clangEnvironment() })
    if (run.status !== 0) throw new Error(`${relative(root, source)} does not compile:\n${run.stderr}`)
  },
}

/** npm puts the packages' commands on the path, and clang would use binaryen's `wasm-opt`, which refuses what it made. */
function clangEnvironment ({ PATH = '', ...others } = process.env) {
  const folders = PATH.split(delimiter).filter(folder => !folder.includes('node_modules'))
  return { ...others, PATH: folders.join(delimiter) }
}

function findClang () {
  return ['clang', ...Array.from({ length: 12 }, (_, i) => `clang-${25 - i}`)].find(clang => {
    const dryRun = ['--target=wasm32', '-nostdlib', '-x', 'c', '/dev/null', '-###']
    const plan = spawnSync(clang, dryRun, { encoding: 'utf8' })
    // The plan's last line is the linker, by its bare name when clang found none.
    return plan.status === 0 && /"[^"]*[\\/]wasm-ld[^"]*"[^\n]*\s*$/.test(plan.stderr)
  })
}

/** Time of the latest change of a file, or of anything in a folder. */
function newest (path) {
  if (!statSync(path).isDirectory()) return modified(path)
  return Math.max(...readdirSync(path, { recursive: true }).map(file => modified(join(path, file))))
}

function modified (path) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? -1
}

if (process.argv[1] !== undefined && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  try {
    await buildExamples(console.log, process.argv.includes('--force'))
  } catch (error) {
    console.error(error.message)
    process.exitCode = 1
  }
}
