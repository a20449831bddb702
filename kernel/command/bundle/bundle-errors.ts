import { defineError } from '../../contract/errors.js'

export const BundleUnwritable = defineError({
  code: 'BUNDLE_UNWRITABLE',
  kind: 'precondition',
  meaning: 'The file for the debug bundle could not be written, or is there already: nothing is written over.',
  remedy: 'Name another file with `--file FILE`.',
  sentence: (d: { file: string, reason: string }) => `the bundle can't be written to ${d.file}: ${d.reason}`,
})

export const bundleErrors = [BundleUnwritable] as const
