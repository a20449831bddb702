import type { GuestHost } from '../../../kernel/contract/index.js'

/** A host that notes what a guest calls and answers what the test set. */
export class RecordingHost implements GuestHost {
  readonly calls: string[] = []
  readonly frames: Uint8Array[] = []
  readonly lines: Array<readonly [level: number, text: string]> = []
  answer = 0
  time = 1_700_000_000_123n

  send (memory: Uint8Array, offset: number, length: number): number {
    this.calls.push('send')
    this.frames.push(memory.slice(offset, offset + length))
    return this.answer
  }

  self (): bigint {
    this.calls.push('self')
    return 0x0000_0002_0000_0007n
  }

  lookup (name: string): bigint {
    this.calls.push(`lookup ${name}`)
    return 9n
  }

  register (description: string): number {
    this.calls.push(`register ${description}`)
    return this.answer
  }

  subscribe (topic: string): number {
    this.calls.push(`subscribe ${topic}`)
    return this.answer
  }

  now (): bigint {
    return this.time
  }

  random (memory: Uint8Array, offset: number, length: number): number {
    this.calls.push('random')
    memory.fill(0xab, offset, offset + length)
    return 0
  }

  timer (milliseconds: number, id: number): number {
    this.calls.push(`timer ${milliseconds} ${id}`)
    return this.answer
  }

  log (level: number, text: string): void {
    this.lines.push([level, text])
  }

  call (memory: Uint8Array, offset: number, length: number): number {
    this.calls.push('call')
    this.frames.push(memory.slice(offset, offset + length))
    return this.answer
  }
}
