import { AgentState } from '../../contract/index.js'

export { AgentState }

/** Which state may follow which. An agent that failed or was stopped begins again at loaded. */
const FOLLOWING: Readonly<Record<AgentState, readonly AgentState[]>> = {
  [AgentState.UNSPECIFIED]: [AgentState.UNLOADED],
  [AgentState.UNLOADED]: [AgentState.LOADED, AgentState.FAILED, AgentState.STOPPED],
  [AgentState.LOADED]: [AgentState.READY, AgentState.FAILED, AgentState.STOPPED, AgentState.UNLOADED],
  [AgentState.READY]: [AgentState.RUNNING, AgentState.STOPPED, AgentState.FAILED],
  [AgentState.RUNNING]: [AgentState.DRAINING, AgentState.STOPPED, AgentState.FAILED],
  [AgentState.DRAINING]: [AgentState.STOPPED, AgentState.FAILED],
  [AgentState.STOPPED]: [AgentState.LOADED, AgentState.UNLOADED],
  [AgentState.FAILED]: [AgentState.LOADED, AgentState.STOPPED, AgentState.UNLOADED],
}

export const mayFollow = (from: AgentState, to: AgentState): boolean => FOLLOWING[from].includes(to)

/** The state's name as people read it: `running`. */
export const stateName = (state: AgentState): string => AgentState[state].toLowerCase()
