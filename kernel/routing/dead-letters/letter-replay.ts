import type { Clock } from '../../contract/index.js'
import type { Directory } from '../directory/directory.js'
import type { KeptLetter } from './kept-letter.js'
import type { Post } from '../post.js'
import { replayedFrame } from './replayed-frame.js'
import type { Undeliverable } from '../undeliverable.js'

/** Sends dead letters anew. Main thread only. */
export class LetterReplay {
  constructor (
    private readonly post: Post,
    private readonly directory: Directory,
    private readonly clock: Clock,
  ) {}

  /**
   * Sends a letter to the agent that has its receiver's name now, in the name of its sender, or of the callers when that
   * is gone. Answers why it was not taken, if so; what fails afterwards becomes a letter of its own.
   */
  send (letter: KeptLetter): Undeliverable | undefined {
    const { directory, post, clock } = this
    const receiver = letter.receiver === undefined ? undefined : directory.address(letter.receiver)
    if (receiver === undefined) return 'AGENT_NOT_FOUND'
    const sender = (letter.sender === undefined ? undefined : directory.address(letter.sender)) ?? directory.caller
    return post.sendAnew(replayedFrame(letter.frame, sender, receiver, clock.now()))
  }
}
