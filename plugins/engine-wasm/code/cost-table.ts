/**
 * Work units. One is about one plain instruction; the rest was weighed so that a budget lasts about as long whatever a
 * hostile loop spends it on (20 million units: 0.7 to 8 ms over nine kernels). An instruction costs 1 plus its
 * surcharge.
 */
export const COST = {
  instruction: 1,
  /** Every place that charges: function entry and loop header. */
  charge: 8,
  call: 4,
  callIndirect: 8,
  integerDivision: 15,
  floatDivision: 8,
  squareRoot: 16,
  memoryGrow: 20_000,
  /** A function reference as a value: the first one of each type makes V8 compile an entry stub. */
  functionReference: 2_000,
  vector: 1,
} as const

/**
 * What costs more than this is charged where it stands, not with its region: a region pays for its longest path, and
 * a failed assertion or a memory that has to grow lies on a path that is hardly ever taken.
 */
export const CHEAP = 100

/** memory.fill, copy and init cost their length shifted right by this, on top. */
export const BULK_SHIFT = 3
