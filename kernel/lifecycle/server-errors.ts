import { defineError } from '../contract/index.js'

export const DataDirectoryInUse = defineError({
  code: 'DATA_DIRECTORY_IN_USE',
  kind: 'configuration',
  meaning: 'Another Caxton server uses this data directory. Two servers on one would destroy it.',
  remedy: 'Stop the other server, or give this one another `node.data_dir`.',
  sentence: (d: { folder: string, processId: number }) => `the data directory ${d.folder} is used by the process ${d.processId}`,
})

export const DataDirectoryUnusable = defineError({
  code: 'DATA_DIRECTORY_UNUSABLE',
  kind: 'configuration',
  meaning: 'The data directory does not exist and could not be made, or nothing can be written into it.',
  remedy: 'Make the folder and let the server\'s user write into it, or set another `node.data_dir`.',
  sentence: (d: { folder: string, problem: string }) => `the data directory ${d.folder} can't be used: ${d.problem}`,
})

export const ProcessFlagMissing = defineError({
  code: 'PROCESS_FLAG_MISSING',
  kind: 'configuration',
  meaning: 'The agent engine needs a flag that Node takes only when it starts.',
  remedy: 'Start the server with the `caxton` command, or set NODE_OPTIONS to the flag.',
  sentence: (d: { flag: string }) => `Node was started without ${d.flag}`,
})

export const serverErrors = [DataDirectoryInUse, DataDirectoryUnusable, ProcessFlagMissing]
