/** What the operator set for all agents; from `[agents]` and `[messages]` in the configuration. Sizes in bytes, times in milliseconds. */
export interface AgentSettings {
  readonly max: number
  readonly shards: number
  readonly memory: number
  readonly memoryMax: number
  readonly fuelPerMessage: number
  readonly fuelPerStart: number
  readonly mailboxMessages: number
  readonly mailboxBytes: number
  readonly messageSize: number
  readonly messageSizeMax: number
  readonly moduleSize: number
  readonly deployTimeout: number
  readonly strikes: number
  readonly strikeWindow: number
  readonly restartDelay: number
  readonly restartDelayMax: number
  readonly wallLimit: number
  readonly sendsPerMessage: number
  readonly deadLetters: number
  readonly traceSample: number
}
