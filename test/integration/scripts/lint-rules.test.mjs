import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { commandOf, inProject } from '../../../scripts/project.mjs'

const long = `export function long (): void {\n${'  process.stdout.write("")\n'.repeat(61)}}\n`

/** Each rule that the design insists on, with code that breaks it. */
const BREACHES = {
  'no-floating-promises': 'export function a (): void { Promise.resolve() }\n',
  'no-misused-promises': 'export const b = [1].filter(async () => Promise.resolve(true))\n',
  'no-explicit-any': 'export const c = (x: any): void => { void x }\n',
  'no-unsafe-assignment': 'export const d: string = JSON.parse("1")\n',
  'no-non-null-assertion': 'export const e = (x?: string): string => x!\n',
  'ban-ts-comment': '// @ts-ignore\nexport const f: string = 1\n',
  'consistent-type-imports': "import { Socket } from 'node:net'\nexport type G = Socket\n",
  'switch-exhaustiveness-check':
    "export function h (x: 'p' | 'q'): void { switch (x) { case 'p': process.exitCode = 1 } }\n",
  'only-throw-error': 'export function i (): void { throw "text" }\n',
  'no-console': 'console.log("x")\n',
  'no-default-export': 'export default 1\n',
  'max-lines': 'export {}\n'.repeat(251),
  'max-lines-per-function': long,
  'eqeqeq': 'export const j = (x: number): boolean => x == 1\n',
}

describe('the lint rules', function () {
  this.timeout(30_000)
  let folder
  let found

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'caxton-lint-'))
    mkdirSync(join(folder, 'src'))
    symlinkSync(inProject('node_modules'), join(folder, 'node_modules'))
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({
      compilerOptions: {
        target: 'ES2022', module: 'NodeNext', moduleResolution: 'NodeNext', strict: true, types: ['node'], skipLibCheck: true,
      },
      include: ['src'],
    }))
    for (const [rule, text] of Object.entries(BREACHES)) writeFileSync(join(folder, 'src', `${rule}.ts`), text)
    writeFileSync(join(folder, 'src', 'innocent.ts'), "export const fine = async (): Promise<string> => Promise.resolve('')\n")
    const args = [commandOf('oxlint'), '--type-aware', '-c', inProject('.oxlintrc.json'), '--format', 'json', 'src']
    const { stdout } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' })
    found = JSON.parse(stdout).diagnostics.map(({ code, filename }) => `${filename} ${code}`)
  })

  after(() => rmSync(folder, { recursive: true, force: true }))

  for (const rule of Object.keys(BREACHES)) {
    it(`${rule} fires`, () => {
      expect(found.filter(line => line.includes(`${rule}.ts `) && line.includes(`(${rule})`)), found.join('\n')).not.to.be.empty
    })
  }

  it('leave innocent code alone', () => {
    expect(found.filter(line => line.includes('innocent.ts'))).to.deep.equal([])
  })
})
