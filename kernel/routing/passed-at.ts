/**
 * Monotonic milliseconds that are the same in every thread of the process: what tells which of two messages passed
 * first.
 */
export const passedAt = (): number => Number(process.hrtime.bigint()) / 1e6
