import type { RegistrySubject } from '../../kits/registry.js'
import { RegistrySimulation } from './registry-simulation.js'

/** Long enough, in virtual milliseconds, for whatever is said to be heard. */
const ENOUGH = 1_000

/** Three nodes in virtual time. */
export async function gossipSubject (): Promise<RegistrySubject & { stop (): Promise<void> }> {
  const simulation = await RegistrySimulation.of(1, 3)
  const [one, two, three] = simulation.living()
  if (!one || !two || !three) throw new Error('there are not three nodes')
  const settle = (): Promise<void> => simulation.clock.pass(ENOUGH)
  await settle()
  return { nodes: [one, two, three], settle, stop: () => simulation.end() }
}
