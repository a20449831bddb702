import { chooseDriver, loadDriver } from './choose-driver.js'
import type { QuicDriverName } from './quic-driver.js'

const CARRIED: Readonly<Record<QuicDriverName, string>> = {
  'webtransport-h3': 'QUIC, by the driver webtransport-h3',
  libp2p: 'QUIC, by the driver libp2p',
  'webtransport-h2': 'HTTP/2 on TCP in place of QUIC, by the driver webtransport-h2',
}

/** Which driver would carry links on this machine. Rejects with `QUIC_DRIVER_MISSING`. */
export async function quicOutlook ({ driver }: Readonly<Record<string, unknown>>, instance: string): Promise<string> {
  const { name } = await chooseDriver(isDriver(driver) ? driver : 'auto', instance, loadDriver)
  return `links over ${CARRIED[name]}: encrypted`
}

const isDriver = (word: unknown): word is QuicDriverName => typeof word === 'string' && Object.hasOwn(CARRIED, word)
