// Writes docs/rights.md from the operations of the kernel and of the built-in plugins, and from the built-in roles; with --check it only
// says whether the file is up to date. Needs a build.
import { fileURLToPath } from 'node:url'
import { getOption } from '@bufbuild/protobuf'
import * as contract from '../dist/kernel/contract/index.js'
import { builtInPlugins } from '../dist/kernel/lifecycle/plugins/plugin-loader.js'
import { operationsOf } from '../dist/kernel/routing/operations/operation-registry.js'
import { BUILT_IN_ROLES } from '../dist/plugins/authz-rbac/built-in-roles.js'
import { CompiledPolicy } from '../dist/plugins/authz-rbac/compiled-policy.js'
import { keepDocument } from './keep-document.mjs'

const kernel = Object.values(contract).filter(each => each?.kind === 'service')
const plugins = await builtInPlugins(fileURLToPath(new URL('../dist/plugins', import.meta.url)))
const operations = operationsOf([...kernel, ...plugins.flatMap(plugin => (plugin.operations ?? []).map(({ service }) => service))])
const rights = [...new Set(operations.map(({ right }) => right))].sort()

const roles = BUILT_IN_ROLES.map(({ name }) => name)
const bindings = roles.map(role =>
  ({ by: 'principal', patterns: [{ text: role, matches: name => name === role }], roles: [role], text: role }))
const policy = new CompiledPolicy({ roles: new Map(BUILT_IN_ROLES.map(role => [role.name, role])), bindings }, rights)
const may = (role, right) => policy.decide({ name: role, method: 'x', roles: [] }, right, '').allowed

const code = text => `\`${text.replaceAll('|', '\\|')}\``
const row = cells => `| ${cells.join(' | ')} |`
const shortName = name => name.slice(name.lastIndexOf('.') + 1)
const about = ({ method }) => getOption(method, contract.operation).resources.map(code).join(', ') || 'everything'

await keepDocument('docs/rights.md', [
  '# Rights', '',
  '<!-- Written by scripts/rights-reference.mjs; change the operations or the built-in roles, not this file. -->', '',
  'Every operation needs one right. Which callers have it is up to the policy of `authz-rbac`: '
  + '[security.md](security.md#who-may-do-what-roles), [plugins/authz-rbac](../plugins/authz-rbac/README.md). Without that plugin '
  + 'every caller who is let in has every right.', '',
  '## Which role has which right', '',
  row(['right', ...roles]), row(['---', ...roles.map(() => ':-:')]),
  ...rights.map(right => row([code(right), ...roles.map(role => may(role, right) ? '✓' : '')])), '',
  '## Which operation needs which right, and on what', '',
  'On what: the fields of the request that name it. `*` at the end stands for all that begin so; a request that names nothing is about '
  + 'everything, and is allowed only where a rule allows everything.', '',
  row(['operation', 'right', 'on', 'changes something']), row(['---', '---', '---', ':-:']),
  ...operations.map(operation =>
    row([code(shortName(operation.name)), code(operation.right), about(operation), operation.changes ? 'yes' : ''])), '',
])
