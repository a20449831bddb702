import { viewOf } from '../frames/frame.js'
import type { Post } from '../post.js'

/** Frames that can't be sent to another node: they go back when whoever handed them over has finished. */
export class ReturnedFrames {
  #frames: Uint8Array[] = []

  constructor (private readonly post: Pick<Post, 'bounce'>) {}

  /** Keeps the frame. */
  add (frame: Uint8Array): void {
    this.#frames.push(frame)
    if (this.#frames.length === 1) queueMicrotask(() => this.#bounceAll())
  }

  #bounceAll (): void {
    const frames = this.#frames
    this.#frames = []
    for (const each of frames) this.post.bounce(each, viewOf(each), 0, each.length, 'NODE_UNREACHABLE')
  }
}
