import { Hours } from './hours.js'

// Nothing of Caxton is imported: a token is what its id says, in every package.
const admission = { id: 'caxton/admission@1', need: 'many', scoped: false }
const clock = { id: 'caxton/clock@1', need: 'one', scoped: false }

export default {
  name: 'admission-hours',
  summary: 'Lets the server be changed in working hours only.',
  stability: 'beta',
  contract: '^1.0',
  provides: [admission],
  needs: [clock],
  config: {
    from: { doc: 'Hour of the day, in UTC, from which changes are let through.', format: 'integer', default: 6, min: 0, max: 23 },
    to: { doc: 'Hour of the day, in UTC, until which they are.', format: 'integer', default: 18, min: 1, max: 24 },
  },
  register (registration) {
    const { from, to } = registration.config
    registration.provide(admission, new Hours(registration.get(clock), from, to))
  },
}
