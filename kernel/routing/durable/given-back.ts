import type { Change } from '../../contract/index.js'
import type { Directory } from '../directory/directory.js'
import { addressedFrame } from './addressed-frame.js'
import type { DeliveryKeys } from './delivery-keys.js'
import type { DurableWays } from './durable-ways.js'
import type { DurableJournal } from './durable-journal.js'
import { keptFor } from './kept-message.js'
import { INBOX, type KeptMessages } from './kept-messages.js'

/** Messages that go back at a time. */
const PAGE = 64

/** What is needed to give messages back. */
export interface GivingBack {
  readonly kept: KeptMessages
  readonly keys: DeliveryKeys
  readonly journal: DurableJournal
  readonly ways: DurableWays
  readonly directory: Directory
}

/**
 * Gives everything that is kept for a receiver back to its senders, and forgets it, also what nobody can read; how many there were. Rejects
 * when the store does.
 */
export async function giveBack (receiver: string, { kept, keys, journal, ways, directory }: GivingBack): Promise<number> {
  const write = (changes: readonly Change[]): Promise<void> => new Promise((resolve, reject) => {
    journal.write(changes, error => error === undefined ? resolve() : reject(error))
  })
  let count = 0
  for (;;) {
    const messages = await kept.load(receiver, undefined, PAGE)
    if (messages.length === 0) break
    for (const held of messages) ways.giveUp(addressedFrame(directory, held, receiver), 'AGENT_NOT_FOUND')
    await write(messages.flatMap(({ key, frame, sender }) => {
      const id = keys.idOf(frame, receiver, sender)
      return [{ delete: INBOX, key }, ...id === undefined ? [] : [keys.forget(id)]]
    }))
    count += messages.length
  }
  const unreadable = await kept.countFor(receiver)
  if (unreadable > 0) await write([{ clear: INBOX, range: keptFor(receiver) }])
  return count + unreadable
}
