import type { ReadFrame } from './frame.js'

/** A message's id as people see it; unique across nodes and restarts. */
export const messageIdText = ({ epoch, counter }: Pick<ReadFrame, 'epoch' | 'counter'>): string =>
  `${epoch.toString(16)}-${counter.toString(16)}`
