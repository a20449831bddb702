import { defineError } from '../../kernel/contract/index.js'

export const RegistryListingInvalid = defineError({
  code: 'REGISTRY_LISTING_INVALID',
  kind: 'invalid',
  meaning: 'What a node would make known of one of its agents is not what the registry can hold. This is a mistake in the server.',
  remedy: 'Report it, with the log of this node.',
  sentence: (d: { name: string, problem: string }) => `agent "${d.name.slice(0, 64)}" can't be made known: ${d.problem}`,
})

export const RegistryMessageMalformed = defineError({
  code: 'REGISTRY_MESSAGE_MALFORMED',
  kind: 'invalid',
  meaning: 'Another node sent something about its agents that can\'t be read. It was dropped.',
  remedy: 'See with `caxton cluster members` whether all nodes run versions that work together.',
  sentence: (d: { at: number, problem: string }) => `a message about agents can't be read at byte ${d.at}: ${d.problem}`,
})

export const registryErrors = [RegistryListingInvalid, RegistryMessageMalformed] as const
