import { Conversations, operations, type Handlers, type OperationService } from '../../contract/index.js'
import type { ConversationOffice } from './conversation-office.js'
import type { ConversationWatch } from './conversation-watch.js'

const LISTED = 100
const MOST_LISTED = 1_000

/** What the handlers of the conversations service reach. */
export interface ConversationOperationsMain {
  readonly conversations: { readonly office: ConversationOffice, readonly watch: ConversationWatch }
}

/** The operations on conversations: they translate, and leave the work to the office and the watch. */
export const conversationOperations: OperationService = operations(
  Conversations, ({ conversations }: ConversationOperationsMain): Handlers<typeof Conversations> => ({
    async list ({ agent, protocol, ended, limit }) {
      const most = limit === 0 ? LISTED : Math.min(limit, MOST_LISTED)
      return { conversations: await conversations.office.list({ agent, protocol, withEnded: ended, limit: most }) }
    },

    async show ({ id }) {
      return { conversation: await conversations.office.show(id) }
    },

    async * watch ({ agents }, { signal }) {
      yield * conversations.watch.watch(agents, signal)
    },

    async cancel ({ id }) {
      return { conversation: await conversations.office.cancel(id) }
    },
  }))
