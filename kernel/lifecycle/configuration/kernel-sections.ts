import type { ConfigSchema } from '../../contract/index.js'
import { inWords } from './formats.js'
import { AgentPermissions } from '../../routing/permissions/agent-permissions.js'
import { readPermission } from '../../routing/permissions/permission-words.js'
import { kernelSchema, type AgentsConfiguration, type KernelConfiguration } from './kernel-schema.js'
import { at, readTable, reportInvalid, type ReadContext } from './read-table.js'
import { isTable, kindOf, type Table } from './table.js'

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/

/** Reads the kernel's sections out of the whole file. `hostName` stands in for a node id that was not given. */
export function readKernelSections (file: Table, hostName: string, context: ReadContext): KernelConfiguration {
  const section = <S extends ConfigSchema>(schema: S, name: string) =>
    readTable(schema, sectionOf(file, name, context), at(context, name))
  const node = section(kernelSchema.node, 'node')
  const kernel = {
    node: { ...node, id: node.id ?? hostName },
    log: section(kernelSchema.log, 'log'),
    tracing: section(kernelSchema.tracing, 'tracing'),
    agents: section(kernelSchema.agents, 'agents'),
    messages: section(kernelSchema.messages, 'messages'),
    conversations: section(kernelSchema.conversations, 'conversations'),
    cluster: section(kernelSchema.cluster, 'cluster'),
    server: section(kernelSchema.server, 'server'),
  }
  checkNames(kernel.node, at(context, 'node'))
  checkLimits(kernel.agents, at(context, 'agents'))
  checkPermissions(kernel.agents, at(context, 'agents'))
  checkKeys(kernel.agents, at(context, 'agents'))
  return kernel
}

/** The table of a section; empty when it is left out, or when a plain value stands in its place. */
export function sectionOf (file: Table, name: string, context: ReadContext): Table {
  const section = file.get(name)
  if (isTable(section)) return section
  if (section !== undefined) reportInvalid(at(context, name), `expected a table, found ${kindOf(section)}`, section)
  return new Map()
}

function checkNames (node: KernelConfiguration['node'], context: ReadContext): void {
  for (const [key, name] of [['id', node.id], ['zone', node.zone]] as const) {
    if (NAME.test(name)) continue
    reportInvalid(at(context, key), 'expected 1 to 128 letters, digits, dots, dashes and underscores, ' +
      `beginning with a letter or digit; found ${JSON.stringify(name)}`)
  }
}

/** A default above the most that may be asked for would refuse every deployment. */
function checkLimits (agents: AgentsConfiguration, context: ReadContext): void {
  const pairs = [['memory', 'memory_max', 'bytes'], ['message_size', 'message_size_max', 'bytes'],
    ['restart_delay', 'restart_delay_max', 'duration'], ['log_lines', 'log_lines_max', 'integer']] as const
  for (const [limit, most, format] of pairs) {
    if (agents[limit] <= agents[most]) continue
    const [own, bound] = [inWords(format, agents[limit]), inWords(format, agents[most])]
    reportInvalid(at(context, limit), `${own} is more than ${context.path}.${most}, which is ${bound}`)
  }
}

function checkKeys ({ require_signed: isRequired, trusted_keys: keys }: AgentsConfiguration, context: ReadContext): void {
  if (!isRequired || keys.length > 0) return
  reportInvalid(at(context, 'require_signed'), `no agent could run without ${context.path}.trusted_keys`)
}

/** What every agent gets must be what agents may get. */
function checkPermissions (agents: AgentsConfiguration, context: ReadContext): void {
  const read = (key: 'permissions' | 'permissions_max'): AgentPermissions | undefined => {
    const problems = agents[key].flatMap(word => {
      const read = readPermission(word)
      return typeof read === 'string' ? [`${JSON.stringify(word)} ${read}`] : []
    })
    for (const problem of problems) reportInvalid(at(context, key), problem)
    return problems.length > 0 ? undefined : AgentPermissions.read(agents[key], (_, problem) => { throw new RangeError(problem) })
  }
  const [usual, most] = [read('permissions'), read('permissions_max')]
  const beyond = most === undefined ? undefined : usual?.beyond(most)
  if (beyond === undefined) return
  reportInvalid(at(context, 'permissions'), `"${beyond}" is not contained in ${context.path}.permissions_max`)
}
