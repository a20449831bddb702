import assert from 'node:assert/strict'
import type { Link, LinkEvents, PeerAddress, Transport } from '../../../kernel/contract/index.js'

/** One node's transport, not started. */
export interface TransportNode {
  readonly transport: Transport
  /** Where others reach it once it serves. */
  readonly host: string
  start (): Promise<void>
  /** Ends every link; also called for a node that never started, and twice. */
  stop (): Promise<void>
  /** Ends the node's links as a crash would. Not called when `vanish` is lacking. */
  vanish? (): Promise<void>
  /** Makes others hear nothing more of it while its connections stay, as a process that was stopped. Not called when `stall` is lacking. */
  stall? (): Promise<void>
}

/** Nodes that can reach each other. */
export interface TransportSubject {
  /** A new node; the kit asks for a few per test and stops each. */
  node (nodeId: string): Promise<TransportNode>
  /** Most bytes of a frame. */
  readonly largestFrame: number
}

/** What a node's links reported. */
export class Events implements LinkEvents {
  readonly frames: Array<{ readonly link: Link, readonly frame: Uint8Array }> = []
  readonly openings: Link[] = []
  readonly closings: Array<{ readonly link: Link, readonly error: Error | undefined }> = []
  readonly order: string[] = []
  /** Called for each frame, within the event. */
  onFrame: (link: Link, frame: Uint8Array) => void = () => {}
  #waiters: Array<() => void> = []

  frame (link: Link, frame: Uint8Array): void {
    this.order.push('frame')
    this.frames.push({ link, frame })
    this.onFrame(link, frame)
    this.#wake()
  }

  opened (link: Link): void {
    this.order.push('opened')
    this.openings.push(link)
    this.#wake()
  }

  closed (link: Link, error: Error | undefined): void {
    this.order.push('closed')
    this.closings.push({ link, error })
    this.#wake()
  }

  /** Resolves when the condition holds; the runner's time limit ends a wait in vain. */
  async until (condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise<void>(resolve => { this.#waiters.push(resolve) })
  }

  #wake (): void {
    for (const wake of this.#waiters.splice(0)) wake()
  }
}

/** A node that runs, serves and records. */
export interface RunningNode extends TransportNode {
  readonly events: Events
  readonly address: PeerAddress
}

/** Two nodes that serve, one link between them, and both its ends. */
export interface Pair {
  readonly a: RunningNode
  readonly b: RunningNode
  readonly fromA: Link
  readonly fromB: Link
}

export const never = (): AbortSignal => new AbortController().signal

export async function serving (subject: TransportSubject, nodeId: string): Promise<RunningNode> {
  const node = await subject.node(nodeId)
  const events = new Events()
  await node.start()
  const { port } = await node.transport.serve(events)
  return {
    transport: node.transport,
    host: node.host,
    start: () => node.start(),
    stop: () => node.stop(),
    ...node.vanish ? { vanish: node.vanish.bind(node) } : {},
    ...node.stall ? { stall: node.stall.bind(node) } : {},
    events,
    address: { nodeId, host: node.host, port },
  }
}

export async function linked (subject: TransportSubject): Promise<Pair> {
  const a = await serving(subject, 'node-a')
  const b = await serving(subject, 'node-b')
  const fromA = await a.transport.dial(b.address, a.events, never())
  await b.events.until(() => b.events.openings.length === 1)
  const [fromB] = b.events.openings
  assert.ok(fromB)
  return { a, b, fromA, fromB }
}

/** A frame of its own for each number: its length varies and its content tells which it is. */
export function frameOf (number: number, bytes = 1 + (number * 37) % 500): Uint8Array {
  const frame = new Uint8Array(bytes)
  for (let i = 0; i < bytes; i++) frame[i] = number + i * 31
  return frame
}

/** Sends frames one after another, waiting where the link asks for it. */
export async function sendAll (link: Link, frames: Iterable<Uint8Array>): Promise<void> {
  for (const frame of frames) while (!link.send(frame)) await link.drained(never())
}

export function same (actual: readonly Uint8Array[], expected: readonly Uint8Array[]): void {
  assert.equal(actual.length, expected.length, 'number of frames')
  actual.forEach((frame, i) => { assert.ok(Buffer.from(frame).equals(expected[i] ?? new Uint8Array()), `frame ${i} differs`) })
}

export async function refuses (code: string, promise: Promise<unknown>): Promise<void> {
  await assert.rejects(promise, (error: unknown) => {
    assert.equal(error instanceof Error && 'code' in error ? error.code : error, code)
    return true
  })
}
