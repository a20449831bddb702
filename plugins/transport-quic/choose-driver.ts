import type { Clock, Logger } from '../../kernel/contract/index.js'
import type { DriverSettings, QuicDriver, QuicDriverName } from './quic-driver.js'

/** Best first. */
const ORDER: readonly QuicDriverName[] = ['webtransport-h3', 'libp2p', 'webtransport-h2']

/** Imports what a driver needs, and makes it. Rejects where that is not installed. */
export async function openDriver (name: QuicDriverName, settings: DriverSettings, clock: Clock, log: Logger): Promise<QuicDriver> {
  if (name === 'libp2p') {
    const { loadNativeQuic } = await import('./native/native-quic.js')
    const { NativeDriver } = await import('./native/native-driver.js')
    return new NativeDriver(loadNativeQuic(), settings, clock)
  }
  const { openWebTransport } = await import('./web-transport/web-transport-driver.js')
  return openWebTransport(name === 'webtransport-h3', settings, clock, log)
}

/** The first driver that is installed, and why those before it are not used. */
export async function bestDriver (
  open: (name: QuicDriverName) => Promise<QuicDriver>,
): Promise<{ readonly driver: QuicDriver, readonly missing: Readonly<Record<string, string>> }> {
  const missing: Record<string, string> = {}
  for (const name of ORDER) {
    try {
      return { driver: await open(name), missing }
    } catch (error) {
      missing[name] = reasonOf(error)
    }
  }
  throw new Error(Object.entries(missing).map(([name, reason]) => `${name}: ${reason}`).join('; '))
}

/** Node's errors for packages that are not there go on with a list of files. */
export const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? ''
