import { pause } from '../../contract/bounded-wait.js'
import type { Clock } from '../../contract/clock.js'
import type { DeviceCode, Grant, IdentityProvider } from './identity-provider.js'
import { LoginProviderFailed, LoginRefused } from './login-errors.js'

const DEVICE_CODE = 'urn:ietf:params:oauth:grant-type:device_code'
/** By how much to ask more seldom when told so, in seconds: RFC 8628 §3.5. */
const SLOWER = 5

/**
 * Asks for a token until the person has confirmed the login elsewhere, has refused it, or time is up. Throws `LOGIN_REFUSED`,
 * `LOGIN_PROVIDER_FAILED`.
 */
export async function awaitDevice (
  provider: IdentityProvider, device: DeviceCode, client: string, clock: Clock, signal: AbortSignal,
): Promise<Grant> {
  const end = clock.elapsed() + device.lasts * 1000
  let { interval } = device
  for (;;) {
    await pause(clock, interval * 1000, signal)
    try {
      const answer = await provider.token({ grant_type: DEVICE_CODE, device_code: device.code, client_id: client }, undefined, signal)
      if ('token' in answer) return answer
      if (answer.refusal !== 'authorization_pending' && answer.refusal !== 'slow_down') throw answer.because
      if (answer.refusal === 'slow_down') interval += SLOWER
    } catch (error) {
      // A moment without network need not end a login.
      if (!LoginProviderFailed.is(error) || signal.aborted) throw error
      interval += SLOWER
      if (clock.elapsed() >= end) throw error
    }
    if (clock.elapsed() >= end) throw LoginRefused({ provider: device.page.host, because: 'the login was not confirmed in time' })
  }
}
