export { Act, actName } from './act'
export { Agent, fail, start } from './agent'
export { Choice } from './choice'
export { Delivery, Draft, Priority } from './draft'
export { JsonObject } from './json'
export { Message } from './message'
export { Result, resultText } from './result'
export {
  Address, cancelTimer, log, lookup, now, randomBytes, registerCapability, self, setTimer, subscribe, unsubscribe,
  withdrawCapability,
} from './services'
export { cancelCall, ToolAnswer, ToolCall } from './tools'
