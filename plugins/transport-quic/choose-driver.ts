import type { Clock, Logger } from '../../kernel/contract/index.js'
import type { DriverSettings, QuicDriver, QuicDriverName } from './quic-driver.js'
import { QuicDriverMissing } from './quic-errors.js'

/** Best first. */
const ORDER: readonly QuicDriverName[] = ['webtransport-h3', 'libp2p', 'webtransport-h2']

/** Makes a driver whose packages were imported. Opens nothing. */
export type DriverMaker = (settings: DriverSettings, clock: Clock, log: Logger) => QuicDriver

/** Imports what a driver needs. Rejects where that is not installed. */
export async function loadDriver (name: QuicDriverName): Promise<DriverMaker> {
  if (name === 'libp2p') {
    const { loadNativeQuic } = await import('./native/native-quic.js')
    const { NativeDriver } = await import('./native/native-driver.js')
    const native = loadNativeQuic()
    return (settings, clock) => new NativeDriver(native, settings, clock)
  }
  const { loadWebTransportDriver } = await import('./web-transport/web-transport-driver.js')
  return loadWebTransportDriver(name === 'webtransport-h3')
}

/** A driver that is installed, and why those before it are not used. */
export interface ChosenDriver<Loaded> {
  readonly name: QuicDriverName
  readonly loaded: Loaded
  readonly missing: Readonly<Record<string, string>>
}

/** The driver that is wanted; `auto`: the first that is installed. Rejects with `QUIC_DRIVER_MISSING`. */
export async function chooseDriver<Loaded> (
  wanted: QuicDriverName | 'auto', instance: string, load: (name: QuicDriverName) => Promise<Loaded>,
): Promise<ChosenDriver<Loaded>> {
  const missing: Record<string, string> = {}
  for (const name of wanted === 'auto' ? ORDER : [wanted]) {
    try {
      return { name, loaded: await load(name), missing }
    } catch (error) {
      missing[name] = reasonOf(error)
    }
  }
  const reasons = Object.entries(missing).map(([name, reason]) => wanted === 'auto' ? `${name}: ${reason}` : reason)
  throw QuicDriverMissing({ instance, driver: wanted, reason: reasons.join('; ') })
}

/** Node's errors for packages that are not there go on with a list of files. */
export const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? ''
