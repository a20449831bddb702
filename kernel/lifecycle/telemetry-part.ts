import { Telemetries, TracerToken, type Plugin, type Registration } from '../contract/index.js'
import { part, type Surroundings } from './kernel-part.js'

/** Makes spans. Nothing is needed for that, so that whoever wants spans may need anything. */
export function tracerPart ({ tracing: { tracer } }: Surroundings): Plugin {
  return part({
    name: 'kernel-tracer',
    summary: 'Makes the spans of traces.',
    provides: [TracerToken],
    register (registration: Registration) {
      registration.provide(TracerToken, tracer)
      return undefined
    },
  })
}

export function telemetryPart ({ tracing: { hub } }: Surroundings): Plugin {
  return part({
    name: 'kernel-telemetry',
    summary: 'Hands spans and lines of the log to whoever wants them.',
    needs: [Telemetries],
    register (registration: Registration) {
      const takers = registration.get(Telemetries)
      return {
        start: async () => hub.open(takers),
        stop: async () => hub.close(),
      }
    },
  })
}
