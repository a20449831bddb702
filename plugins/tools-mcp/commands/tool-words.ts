import type { CommandContext } from '../../../kernel/contract/index.js'
import type { ToolGrant } from '../proto/caxton/v1/tools_pb.js'

/** The value of an option that was given once, or an empty text. */
export function optionOf ({ input }: CommandContext, name: string): string {
  const value = input.options[name]
  return value === undefined || value === true ? '' : value[0] ?? ''
}

export const argumentOf = ({ input }: CommandContext, name: string): string => input.arguments[name]?.[0] ?? ''

/** What a grant says, after `"clerk" may call`. */
export const grantText = ({ agents, tools, arguments: rules }: ToolGrant): string =>
  `"${agents}" may call "${tools}"${rules.length === 0 ? '' : ` where ${rules.join(' and ')}`}`
