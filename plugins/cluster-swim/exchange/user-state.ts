/** Marks that bytes of ours stand behind Serf's, which Serf passes over. */
const MARK = Buffer.from('CXR1')
const TRAILER = MARK.length + 4

/** `Serf's state | roster | length of the roster:u32 | "CXR1"` */
export function joinUserState (serf: Uint8Array, roster: Uint8Array): Uint8Array {
  const length = Buffer.alloc(4)
  length.writeUInt32BE(roster.length)
  return Buffer.concat([serf, roster, length, MARK])
}

/** Serf's part, and the roster where there is one. */
export function splitUserState (state: Uint8Array): { readonly serf: Uint8Array, readonly roster: Uint8Array | undefined } {
  const bytes = Buffer.from(state.buffer, state.byteOffset, state.byteLength)
  if (bytes.length < TRAILER || !bytes.subarray(-MARK.length).equals(MARK)) return { serf: state, roster: undefined }
  const length = bytes.readUInt32BE(bytes.length - TRAILER)
  const end = bytes.length - TRAILER
  if (length > end) return { serf: state, roster: undefined }
  return { serf: state.subarray(0, end - length), roster: state.subarray(end - length, end) }
}
