import type { Conversation } from '../../contract/index.js'
import { conversationText } from '../frames/acl-message.js'
import { conversationId, shownConversation } from './conversation-answers.js'
import type { ConversationOrder } from './conversation-desk.js'
import type { ConversationPicture } from './conversation-picture.js'
import type { Directory } from '../directory/directory.js'
import { AgentNotFound, ConversationNotFound, ConversationOver } from '../routing-errors.js'

/** What {@link ConversationOffice} works with. */
export interface OfficeParts {
  readonly directory: Directory
  /** Numbers of the threads that conversations live in. */
  readonly places: readonly number[]
  /** Gives an order to a thread; rejects when the thread is not there. */
  readonly order: (place: number, order: ConversationOrder) => Promise<readonly ConversationPicture[]>
}

/** Which conversations somebody wants to see. */
export interface ConversationWish {
  /** Name of one of the ends; empty: whoever. */
  readonly agent: string
  /** Empty: whichever. */
  readonly protocol: string
  readonly withEnded: boolean
  readonly limit: number
}

/** Answers for the conversations of all threads. Main thread only. */
export class ConversationOffice {
  constructor (private readonly parts: OfficeParts) {}

  /** Those of threads that are just being started anew are left out. Throws `AGENT_NOT_FOUND`. */
  async list ({ agent, protocol, withEnded, limit }: ConversationWish): Promise<Conversation[]> {
    const { places, order } = this.parts
    const query = {
      withEnded, limit,
      ...(agent === '' ? {} : { agent: this.#handle(agent) }),
      ...(protocol === '' ? {} : { protocol }),
    }
    const answers = await Promise.allSettled(places.map(place => order(place, { kind: 'list', query })))
    const pictures = answers.flatMap(answer => answer.status === 'fulfilled' ? answer.value : [])
    const latest = pictures.sort((one, other) => isOpen(other) - isOpen(one) || other.active - one.active).slice(0, limit)
    return latest.map(picture => this.#shown(picture))
  }

  /** Throws `CONVERSATION_ID_INVALID` or `CONVERSATION_NOT_FOUND`. */
  async show (text: string): Promise<Conversation> {
    const picture = await this.#find(conversationId(text))
    if (picture === undefined) throw ConversationNotFound({ id: text })
    return this.#shown(picture)
  }

  /** Throws `CONVERSATION_ID_INVALID`, `CONVERSATION_NOT_FOUND` or `CONVERSATION_OVER`. */
  async cancel (text: string): Promise<Conversation> {
    const id = conversationId(text)
    const place = this.#home(id)
    const [cancelled] = place === undefined ? [] : await this.parts.order(place, { kind: 'cancel', id })
    if (cancelled !== undefined) return this.#shown(cancelled)
    const former = await this.#find(id)
    if (former === undefined) throw ConversationNotFound({ id: text })
    throw ConversationOver({ id: conversationText(id), end: former.end ?? '' })
  }

  async #find (id: bigint): Promise<ConversationPicture | undefined> {
    const place = this.#home(id)
    if (place === undefined) return undefined
    const [found] = await this.parts.order(place, { kind: 'list', query: { id, withEnded: true, limit: 1 } })
    return found
  }

  #home (id: bigint): number | undefined {
    return this.parts.places.find(place => place === Number(id >> 56n))
  }

  #handle (name: string): number {
    const { directory } = this.parts
    const address = name === directory.name(directory.caller.handle) ? directory.caller : directory.address(name)
    if (address === undefined) throw AgentNotFound({ name })
    return address.handle
  }

  #shown (picture: ConversationPicture): Conversation {
    return shownConversation(picture, handle => this.parts.directory.name(handle))
  }
}

const isOpen = ({ end }: ConversationPicture): number => Number(end === undefined)
