import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Position } from './sealed-line.js'

/** How far the log is known to be on disk: without it nobody would miss records that were cut off its end. */
export interface Head extends Position {
  readonly segment: number
}

/** Every head has as many bytes, so that one write replaces the other. */
const LENGTH = 256

/** A head in bytes, with a keyed hash: who can write to the folder only can't make one. */
export function encodeHead (head: Head, key: Uint8Array): Uint8Array {
  const text = textOf(head)
  return Buffer.from(`${`{${text},"mac":"${macOf(text, key)}"}`.padEnd(LENGTH - 1)}\n`)
}

/** Undefined if it is no head. Without the key its hash can't be checked, and is believed. */
export function decodeHead (bytes: Uint8Array, key: Uint8Array | undefined): Head | undefined {
  const [, text = '', segment, seq, hash = '', mac = ''] =
    /^\{("segment":(\d{1,15}),"seq":(\d{1,15}),"hash":"([0-9a-f]{64})"),"mac":"([0-9a-f]{64})"\} *\n$/
      .exec(Buffer.from(bytes).toString('latin1')) ?? []
  if (bytes.length !== LENGTH || segment === undefined) return undefined
  if (key !== undefined && !timingSafeEqual(Buffer.from(mac), Buffer.from(macOf(text, key)))) return undefined
  return { segment: Number(segment), seq: Number(seq), hash }
}

const textOf = ({ segment, seq, hash }: Head): string => `"segment":${segment},"seq":${seq},"hash":"${hash}"`
const macOf = (text: string, key: Uint8Array): string => createHmac('sha256', key).update('head ').update(text).digest('hex')
