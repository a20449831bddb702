import type * as server from '../../lifecycle/server.js'

/** What the commands need of the server. */
export type ServerLifecycle = Pick<typeof server, 'startServer' | 'checkConfiguration'>

/** Imports the server, which is the heaviest part of the program, when a command needs it. */
export const loadLifecycle = (): Promise<ServerLifecycle> => import('../../lifecycle/server.js')
