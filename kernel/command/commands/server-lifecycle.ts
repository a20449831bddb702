/** What the commands need of the server. */
export type ServerLifecycle =
  Pick<typeof import('../../lifecycle/server.js'), 'startServer' | 'checkConfiguration' | 'reportOf'>

/** Imports the server, which is the heaviest part of the program, when a command needs it. */
export const loadLifecycle = (): Promise<ServerLifecycle> => import('../../lifecycle/server.js')
