import type { Clock, Logger } from '../../../kernel/contract/index.js'
import type { DriverSettings, QuicDriver } from '../quic-driver.js'

export async function openWebTransport (_h3: boolean, _settings: DriverSettings, _clock: Clock, _log: Logger): Promise<QuicDriver> {
  throw new Error('it is not installed')
}
