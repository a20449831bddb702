import { LIMITS } from './limits.js'
import type { MsgpackReader } from './msgpack-reader.js'
import { MsgpackWriter } from './msgpack-writer.js'
import { Refused } from './refusal.js'
import { named } from './rumour-codec.js'
import type { PastEvent, SerfState } from './serf-messages.js'
import { SERF_TYPE } from './serf-types.js'

type PastEvents = SerfState['events'][number]

export function readSerfState (reader: MsgpackReader): SerfState {
  let time = 0
  let statusTimes: ReadonlyMap<string, number> = new Map()
  let leftMembers: readonly string[] = []
  let eventTime = 0
  let events: readonly PastEvents[] = []
  let queryTime = 0
  for (let left = reader.map(); left > 0; left--) {
    switch (reader.text(LIMITS.key)) {
      case 'LTime': time = readTime(reader); break
      case 'StatusLTimes': statusTimes = readStatusTimes(reader); break
      case 'LeftMembers': leftMembers = readNames(reader); break
      case 'EventLTime': eventTime = readTime(reader); break
      case 'Events': events = readEventBuffer(reader); break
      case 'QueryLTime': queryTime = readTime(reader); break
      default: reader.skip()
    }
  }
  return { kind: 'state', time, statusTimes, leftMembers, eventTime, events, queryTime }
}

/** Go's nodes send a buffer of 512 times that is mostly nil; only those that hold events are sent here. */
export function writeSerfState ({ time, statusTimes, leftMembers, eventTime, events, queryTime }: SerfState): Uint8Array {
  const out = new MsgpackWriter(128 + 32 * statusTimes.size).byte(SERF_TYPE.state).map(6)
  out.text('EventLTime').unsigned(eventTime).text('Events').array(events.length)
  for (const past of events) writePastEvents(out, past)
  out.text('LTime').unsigned(time).text('LeftMembers').array(leftMembers.length)
  for (const node of leftMembers) out.text(node)
  out.text('QueryLTime').unsigned(queryTime).text('StatusLTimes').map(statusTimes.size)
  for (const [node, status] of statusTimes) out.text(node).unsigned(status)
  return out.finish()
}

function readTime (reader: MsgpackReader): number {
  return reader.integer(Number.MAX_SAFE_INTEGER)
}

function readStatusTimes (reader: MsgpackReader): ReadonlyMap<string, number> {
  const times = new Map<string, number>()
  for (let left = reader.map(); left > 0; left--) {
    if (times.size === LIMITS.nodes) throw tooMany('status times', LIMITS.nodes)
    const node = named(reader.text(LIMITS.name))
    times.set(node, readTime(reader))
  }
  return times
}

function readNames (reader: MsgpackReader): readonly string[] {
  const names: string[] = []
  for (let left = reader.array(); left > 0; left--) {
    if (names.length === LIMITS.nodes) throw tooMany('members that left', LIMITS.nodes)
    names.push(named(reader.text(LIMITS.name)))
  }
  return names
}

function readEventBuffer (reader: MsgpackReader): readonly PastEvents[] {
  const buffer: PastEvents[] = []
  let room = LIMITS.events
  for (let left = reader.array(); left > 0; left--) {
    if (reader.nil()) continue
    if (buffer.length === LIMITS.eventTimes) throw tooMany('times with events', LIMITS.eventTimes)
    const past = readPastEvents(reader, room)
    room -= past.events.length
    buffer.push(past)
  }
  return buffer
}

function readPastEvents (reader: MsgpackReader, room: number): PastEvents {
  let time = 0
  const events: PastEvent[] = []
  for (let left = reader.map(); left > 0; left--) {
    switch (reader.text(LIMITS.key)) {
      case 'LTime': time = readTime(reader); break
      case 'Events':
        for (let more = reader.array(); more > 0; more--) {
          if (events.length === room) throw tooMany('events', LIMITS.events)
          events.push(readPastEvent(reader))
        }
        break
      default: reader.skip()
    }
  }
  return { time, events }
}

function readPastEvent (reader: MsgpackReader): PastEvent {
  let name = ''
  let payload: Uint8Array = new Uint8Array(0)
  for (let left = reader.map(); left > 0; left--) {
    switch (reader.text(LIMITS.key)) {
      case 'Name': name = reader.text(LIMITS.packet); break
      case 'Payload': payload = reader.raw(LIMITS.packet); break
      default: reader.skip()
    }
  }
  return { name, payload }
}

function writePastEvents (out: MsgpackWriter, { time, events }: PastEvents): void {
  out.map(2).text('Events').array(events.length)
  for (const { name, payload } of events) out.map(2).text('Name').text(name).text('Payload').rawOrNil(payload)
  out.text('LTime').unsigned(time)
}

function tooMany (what: string, limit: number): Refused {
  return new Refused({ reason: 'too-large', detail: `more than ${limit} ${what}` })
}
