import { defineError } from '../../kernel/contract/index.js'

export const MethodUnknown = defineError({
  code: 'RATE_LIMIT_METHOD_UNKNOWN', kind: 'configuration',
  meaning: 'A limit is for an operation that this server does not have.',
  remedy: 'Name operations as docs/rights.md does, or take the table out.',
  sentence: (d: { instance: string, method: string, meant: string | undefined }) => {
    const meant = d.meant === undefined ? '' : ` (did you mean "${d.meant}"?)`
    return `plugins.${d.instance}.methods."${d.method}" is for no operation of this server${meant}`
  },
})

export const rateLimitErrors = [MethodUnknown]
