import type { Phase, Problem } from '../configuration/problem.js'
import type { Outlook } from './outlooks.js'

/** Everything that keeps a server, or its optional plugins, from starting. */
export interface StartReport {
  /** The configuration file. */
  readonly file: string
  readonly problems: readonly Problem[]
  /** What plugins say of a start that nothing keeps from happening. */
  readonly outlooks?: readonly Outlook[]
}

const OK = 0
const FAILED = 1
/** EX_CONFIG of sysexits.h. */
const CONFIGURATION = 78
const RUNNING: ReadonlySet<Phase> = new Set<Phase>(['wire', 'start', 'drain', 'stop'])

/** What the process ends with: 0 when nothing is fatal, 78 for a wrong configuration, 1 for a start that failed. */
export function exitCodeOf (problems: readonly Problem[]): number {
  const fatal = problems.filter(problem => !problem.ignored)
  if (fatal.length === 0) return OK
  const isConfiguration = ({ phase, kind }: Problem): boolean => kind === 'configuration' || !RUNNING.has(phase)
  return fatal.some(isConfiguration) ? CONFIGURATION : FAILED
}

/** The report for people: one block for each plugin or section, phase and code. Ends with a line feed. */
export function reportText ({ file, problems, outlooks = [] }: StartReport): string {
  const told = outlooks.map(({ instance, sentence }) => `  ${instance}  ${sentence}\n`).join('')
  if (problems.length === 0) return `${file} is in order\n${told}`
  const blocks = grouped(problems).map(blockText)
  return `${[headline(file, problems), ...blocks].join('\n\n')}\n${told === '' ? '' : `\n${told}`}`
}

/** The report for programs. */
export function reportJson ({ file, problems, outlooks = [] }: StartReport): object {
  return { file, canStart: exitCodeOf(problems) === OK, exitCode: exitCodeOf(problems), problems, outlooks }
}

function headline (file: string, problems: readonly Problem[]): string {
  const fatal = problems.filter(problem => !problem.ignored).length
  const ignored = problems.length - fatal
  if (fatal === 0) {
    return `${counted(ignored, 'problem')} in ${file}; the server can start without the plugins concerned`
  }
  const also = ignored === 0 ? '' : ` (${counted(ignored, 'more')} of optional plugins, ignored)`
  return `${counted(fatal, 'problem')} in ${file}: the server cannot start${also}`
}

function counted (count: number, what: string): string {
  return what === 'more' || count === 1 ? `${count} ${what}` : `${count} ${what}s`
}

/** Problems of one subject, phase and code stand together, in the order in which the first of them was found. */
function grouped (problems: readonly Problem[]): Problem[][] {
  const groups = new Map<string, Problem[]>()
  for (const problem of problems) {
    const key = [subjectOf(problem), problem.phase, problem.code].join(' ')
    groups.set(key, [...groups.get(key) ?? [], problem])
  }
  return [...groups.values()]
}

function subjectOf ({ instance, path }: Problem): string {
  return instance ?? path?.split('.')[0] ?? 'configuration'
}

function blockText (group: Problem[]): string {
  const [first] = group
  if (first === undefined) return ''
  const mark = first.ignored ? '  (optional: ignored)' : ''
  const lines = group.flatMap((problem, index) => [
    problem.message,
    ...problem.causes.map(cause => `caused by: ${cause}`),
    ...problem.excerpt === undefined ? [] : problem.excerpt.split('\n').map(line => `  ${line}`),
    // A remedy that the next problem shares is said once, below the last of them.
    ...group[index + 1]?.remedy === problem.remedy ? [] : [problem.remedy],
  ])
  return [`  ${subjectOf(first)}  ${first.phase}  ${first.code}${mark}`, ...lines.map(line => `    ${line}`)].join('\n')
}
