/** Kinds of blocks. */
export const BLOCK = { function: 0, block: 1, loop: 2, if: 3, else: 4 } as const

/** No path leads here. */
const DEAD = -1

/**
 * The open blocks of the function body being read, the height of its operand stack, and the longest path, in work
 * units, from the latest charge to here.
 *
 * A region is what one charge pays for: the body outside its loops, or one loop's body outside its inner loops.
 * WebAssembly jumps backwards only to loop headers, so within a region control only moves forward and each pass costs
 * at most its longest path. A jump out of an inner loop lands in the outer region with the path that had led to the
 * inner loop.
 */
export class ControlFlow {
  /** Operands on the stack. */
  height = 0
  depth = 0
  #path = 0
  #region = 0
  readonly #kinds: Uint8Array
  readonly #bases: Int32Array
  readonly #parameters: Int32Array
  readonly #results: Int32Array
  readonly #regions: Int32Array
  /** Longest path that reaches the end of a block by a jump. */
  readonly #arriving: Float64Array
  /** Path at an `if`. */
  readonly #before: Float64Array
  /** Per region: the path of the enclosing region when it was entered, the longest path within, where its charge is. */
  readonly #entered: Float64Array
  readonly #longest: Float64Array
  readonly #charges: Int32Array

  constructor (nesting: number) {
    const size = nesting + 2
    this.#kinds = new Uint8Array(size)
    this.#bases = new Int32Array(size)
    this.#parameters = new Int32Array(size)
    this.#results = new Int32Array(size)
    this.#regions = new Int32Array(size)
    this.#arriving = new Float64Array(size)
    this.#before = new Float64Array(size)
    this.#entered = new Float64Array(size)
    this.#longest = new Float64Array(size)
    this.#charges = new Int32Array(size)
  }

  /** Begins a body whose own charge is at `charge`. */
  begin (results: number, charge: number): void {
    this.depth = 0
    this.height = 0
    this.#path = 0
    this.#region = 0
    this.#entered[0] = 0
    this.#longest[0] = 0
    this.#charges[0] = charge
    this.#push(BLOCK.function, 0, results)
  }

  /** A plain instruction. */
  step (cost: number, net: number): void {
    if (this.#path >= 0) this.#path += cost
    this.height += net
    const base = this.#bases[this.depth] ?? 0
    if (this.height < base) this.height = base
  }

  open (kind: number, parameters: number, results: number): void {
    this.#push(kind, parameters, results)
  }

  /** Opens a loop; its charge is at `charge`. */
  openLoop (parameters: number, results: number, charge: number): void {
    this.#note()
    this.#region++
    this.#entered[this.#region] = this.#path
    this.#longest[this.#region] = 0
    this.#charges[this.#region] = charge
    if (this.#path > 0) this.#path = 0
    this.#push(BLOCK.loop, parameters, results)
  }

  /** Whether an `else` may stand here; if so, begins the other arm. */
  otherwise (): boolean {
    const { depth } = this
    if (this.#kinds[depth] !== BLOCK.if) return false
    this.#arrive(depth, this.#path)
    this.#kinds[depth] = BLOCK.else
    this.#path = this.#before[depth] ?? 0
    this.height = (this.#bases[depth] ?? 0) + (this.#parameters[depth] ?? 0)
    return true
  }

  /** A jump to the block `distance` levels out. The path goes on after it, unless {@link stop} follows. */
  jump (distance: number): void {
    const target = this.depth - distance
    if (this.#kinds[target] === BLOCK.loop) return
    const region = this.#regions[target] ?? 0
    this.#arrive(target, region === this.#region ? this.#path : this.#entered[region + 1] ?? 0)
  }

  /** Nothing comes after this instruction: a jump, a return, a trap. */
  stop (): void {
    this.#note()
    this.#path = DEAD
    this.height = this.#bases[this.depth] ?? 0
  }

  /** Closes the innermost block and answers its kind. */
  close (): number {
    const { depth } = this
    const kind = this.#kinds[depth] ?? BLOCK.function
    if (kind === BLOCK.if) this.#arrive(depth, this.#before[depth] ?? 0)
    this.#path = Math.max(this.#path, this.#arriving[depth] ?? DEAD)
    this.#note()
    this.height = (this.#bases[depth] ?? 0) + (this.#results[depth] ?? 0)
    this.depth = depth - 1
    return kind
  }

  /** After closing a loop or the function: where the charge of that region is. */
  get charge (): number {
    return this.#charges[this.#region] ?? 0
  }

  /** The longest path of that region. */
  get longest (): number {
    return this.#longest[this.#region] ?? 0
  }

  /** Back to the region around the loop just closed. */
  leaveRegion (): void {
    this.#path = this.#path === DEAD ? DEAD : this.#entered[this.#region] ?? 0
    this.#region--
  }

  #push (kind: number, parameters: number, results: number): void {
    const below = this.#bases[this.depth] ?? 0
    const depth = ++this.depth
    const base = kind === BLOCK.function ? 0 : Math.max(below, this.height - parameters)
    this.#kinds[depth] = kind
    this.#bases[depth] = base
    this.#parameters[depth] = parameters
    this.#results[depth] = results
    this.#regions[depth] = this.#region
    this.#arriving[depth] = DEAD
    this.#before[depth] = this.#path
    this.height = base + parameters
  }

  #arrive (target: number, path: number): void {
    if (path > (this.#arriving[target] ?? DEAD)) this.#arriving[target] = path
  }

  #note (): void {
    if (this.#path > (this.#longest[this.#region] ?? 0)) this.#longest[this.#region] = this.#path
  }
}
