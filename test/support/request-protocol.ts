import type { Protocol } from '../../kernel/contract/index.js'

/** The FIPA request protocol in short, for tests of the kernel alone. */
export const REQUEST: Protocol = {
  name: 'fipa-request', specification: 'FIPA SC00026H', initial: 'start', final: ['refused', 'failed', 'done'],
  steps: [
    { state: 'start', role: 'initiator', acts: ['request'], to: 'requested' },
    { state: 'requested', role: 'participant', acts: ['agree'], to: 'agreed' },
    { state: 'requested', role: 'participant', acts: ['refuse'], to: 'refused' },
    { state: 'requested', role: 'participant', acts: ['failure', 'not-understood'], to: 'failed' },
    { state: 'requested', role: 'participant', acts: ['inform'], to: 'done' },
    { state: 'requested', role: 'platform', acts: ['failure'], to: 'failed' },
    { state: 'agreed', role: 'participant', acts: ['failure'], to: 'failed' },
    { state: 'agreed', role: 'platform', acts: ['failure'], to: 'failed' },
    { state: 'agreed', role: 'participant', acts: ['inform'], to: 'done' },
  ],
  deadlines: [{ state: 'requested', to: 'failed', tells: 'failure' }, { state: 'agreed', to: 'failed', tells: 'failure' }],
}
