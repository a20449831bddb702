/** Paragraphs of `caxton help output`; also part of the reference. */
export const OUTPUT_TOPIC: readonly string[] = [
  'Data goes to stdout, sentences and errors go to stderr, so that a pipe carries nothing but data.',
  '`--output human` (the default) is for people: tables of at most 80 columns, or of the width of the terminal, '
  + 'whose widest column is cut with `…`. What a terminal would obey (colours, cursor movements, changes of direction) '
  + 'is shown as an escape when an agent or a server sends it. Do not parse this form: it may change.',
  '`--output json` is for programs and stays stable: the answer of the server in the canonical JSON form of protocol '
  + 'buffers (https://protobuf.dev/programming-guides/json), two spaces deep. Names are in camelCase, all fields are '
  + 'present, 64-bit numbers are strings, states are words such as `AGENT_STATE_RUNNING`. Streams (`logs`, '
  + '`message watch`) are one document a line.',
  'The content of a message is text in `content` when it is valid UTF-8, and base64 in `contentBase64` otherwise. '
  + 'It is not parsed, so its type never changes: with jq, write `.content | fromjson`.',
  'With `json` and `yaml` an error is one JSON document on stderr: '
  + '`{"error":{"code","kind","message","remedy","traceId"}}`.',
  '`--output yaml` is the same data as YAML; streams separate documents by `---`.',
]
