import { defineError } from '../errors.js'

/** What every implementation of the store raises, so that callers can tell the cases apart whichever runs. */

export const StoreUnavailable = defineError({
  code: 'STORE_UNAVAILABLE',
  kind: 'unavailable',
  meaning: 'The store cannot answer: it has not started, it has stopped, or its file failed while it ran.',
  remedy: 'Look for the first store error in the log. Once its cause is mended, start the server again: what was '
    + 'committed is kept.',
  sentence: (d: { reason: string }) => `the store cannot answer: ${d.reason}`,
})

export const StoreFull = defineError({
  code: 'STORE_FULL',
  kind: 'exhausted',
  meaning: 'There is no room left for what was to be written. Nothing of that batch was stored; everything stored '
    + 'before is kept.',
  remedy: 'Free space on the disk that holds the data directory, or raise max_size of the store plugin. No restart '
    + 'is needed.',
  sentence: (d: { place: string }) => `no room is left in ${d.place}`,
})

export const StoreBusy = defineError({
  code: 'STORE_BUSY',
  kind: 'exhausted',
  meaning: 'More work waits for the store than its queue holds. This batch was not stored.',
  remedy: 'Try again after a pause. If it happens often, the disk is too slow for the load, or queue of the store '
    + 'plugin is too small.',
  sentence: (d: { waiting: number, bytes: number }) =>
    `the queue of the store is full: ${d.waiting} calls with ${d.bytes} bytes wait already`,
})

export const StoreCollectionUnknown = defineError({
  code: 'STORE_COLLECTION_UNKNOWN',
  kind: 'not-found',
  meaning: 'A plugin named a collection that none of its migrations creates. This is a mistake in that plugin.',
  remedy: 'Report it to the author of the plugin: the collection must be created by a migration, and migrate must '
    + 'be awaited first.',
  sentence: (d: { owner: string, collection: string }) => `"${d.owner}" has no collection "${d.collection}"`,
})

export const StoreKeyInvalid = defineError({
  code: 'STORE_KEY_INVALID',
  kind: 'invalid',
  meaning: 'A key is empty, longer than 512 bytes in UTF-8, or no valid text. Nothing of the batch was stored.',
  remedy: 'Report it to the author of the plugin, who must check or hash what it uses as a key.',
  sentence: (d: { collection: string, reason: string }) => `a key for collection "${d.collection}" ${d.reason}`,
})

export const StoreRangeInvalid = defineError({
  code: 'STORE_RANGE_INVALID',
  kind: 'invalid',
  meaning: 'A range has a bound that is no valid text, or a limit that is not a whole number from 0 up.',
  remedy: 'Report it to the author of the plugin.',
  sentence: (d: { collection: string, reason: string }) => `a range of collection "${d.collection}" ${d.reason}`,
})

export const StoreValueInvalid = defineError({
  code: 'STORE_VALUE_INVALID',
  kind: 'invalid',
  meaning: 'A value is larger than 16 MiB, or not bytes. Nothing of the batch was stored.',
  remedy: 'Report it to the author of the plugin, who must split what is larger.',
  sentence: (d: { collection: string, key: string, reason: string }) =>
    `the value for key "${d.key}" of collection "${d.collection}" ${d.reason}`,
})

export const StoreMigrationInvalid = defineError({
  code: 'STORE_MIGRATION_INVALID',
  kind: 'internal',
  meaning: 'The migrations of a plugin do not fit together, or do not fit what is stored. Nothing of the failing '
    + 'step was kept.',
  remedy: 'Report it to the author of the plugin. The version of the plugin that ran before still works on this data.',
  sentence: (d: { owner: string, reason: string }) => `the migrations of "${d.owner}" cannot run: ${d.reason}`,
})

export const StoreDataNewer = defineError({
  code: 'STORE_DATA_NEWER',
  kind: 'precondition',
  meaning: 'The stored data was written by a newer version than the one that runs now, which could misread and '
    + 'damage it.',
  remedy: 'Start the newer version again, or restore a backup that was made before the upgrade.',
  sentence: (d: { owner: string, stored: number, known: number }) =>
    `the stored data of "${d.owner}" has version ${d.stored}, but only versions up to ${d.known} are known here`,
})

export const storeErrors = [
  StoreUnavailable, StoreFull, StoreBusy, StoreCollectionUnknown, StoreKeyInvalid, StoreRangeInvalid, StoreValueInvalid,
  StoreMigrationInvalid, StoreDataNewer,
] as const
