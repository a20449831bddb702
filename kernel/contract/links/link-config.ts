import { configSchema, type ConfigOf } from '../config.js'

/** The keys of every transport whose links are made here. */
export const linkConfig = configSchema({
  largest_frame: {
    doc: 'Most bytes of a frame. Between two nodes the smaller one counts.',
    format: 'bytes', default: '2MiB', min: 64 * 1024, max: 15 * 2 ** 20,
  },
  queue: {
    doc: 'Most bytes that wait to be sent on one link; a sender that is faster has to wait.',
    format: 'bytes', default: '4MiB', min: 64 * 1024, max: 2 ** 30,
  },
  keepalive: {
    doc: 'Silence on a link after which the other node is asked whether it lives.',
    format: 'duration', default: '2s', min: 50, max: 3_600_000,
  },
  keepalive_timeout: {
    doc: 'How long its answer may take; then the link is given up. Longer for slow networks.',
    format: 'duration', default: '3s', min: 50, max: 3_600_000,
  },
  connect_timeout: {
    doc: 'How long it may take to open a link, proof of identity included.',
    format: 'duration', default: '5s', min: 50, max: 600_000,
  },
  compression: {
    doc: 'Compress what goes to nodes that have this on, too: for slow networks between sites.',
    format: 'boolean', default: false,
  },
})

export type LinkConfig = ConfigOf<typeof linkConfig>
