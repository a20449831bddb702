import type { Directory } from '../directory/directory.js'
import { addressedFrame } from './addressed-frame.js'
import type { DurableWays } from './durable-ways.js'
import type { DurableJournal } from './durable-journal.js'
import { INBOX, type KeptMessages } from './kept-messages.js'

/** Messages that go back at a time. */
const PAGE = 64

/** What is needed to give messages back. */
export interface GivingBack {
  readonly kept: KeptMessages
  readonly journal: DurableJournal
  readonly ways: DurableWays
  readonly directory: Directory
}

/** Gives everything that is kept for a receiver back to its senders, and forgets it; how many there were. Rejects when the store does. */
export async function giveBack (receiver: string, { kept, journal, ways, directory }: GivingBack): Promise<number> {
  let count = 0
  for (;;) {
    const messages = await kept.load(receiver, undefined, PAGE)
    if (messages.length === 0) return count
    for (const held of messages) ways.giveUp(addressedFrame(directory, held, receiver), 'AGENT_NOT_FOUND')
    await new Promise<void>((resolve, reject) => {
      journal.write(messages.map(({ key }) => ({ delete: INBOX, key })), error => error === undefined ? resolve() : reject(error))
    })
    count += messages.length
  }
}
