import { HOST_CALLS, type Guest, type GuestHost, type GuestLimits, type HostCall } from '../../../kernel/contract/index.js'
import { WasmGuestFactory } from '../../../plugins/engine-wasm/guest-factory.js'
import { WasmPreparer } from '../../../plugins/engine-wasm/module-preparer.js'
import { DEFAULT_SETTINGS } from '../../../plugins/engine-wasm/wasm-settings.js'
import { RecordingHost } from './recording-host.js'

export const TEST_LIMITS: GuestLimits = {
  memoryBytes: 16 << 20, fuelPerMessage: 2_000_000, fuelPerStart: 100_000_000, messageBytes: 65_536,
}

export const preparer = new WasmPreparer(DEFAULT_SETTINGS)

export const prepare = (bytes: Uint8Array, granted: readonly HostCall[] = HOST_CALLS, limits = TEST_LIMITS) =>
  preparer.prepare(bytes, granted, limits)

/** What a module turns into, from upload to a guest that has not started yet. */
export async function deploy (
  bytes: Uint8Array, host: GuestHost = new RecordingHost(), limits: GuestLimits = TEST_LIMITS,
): Promise<Guest> {
  const { artefact } = await prepare(bytes, HOST_CALLS, limits)
  return new WasmGuestFactory(DEFAULT_SETTINGS).create(artefact, host, limits)
}
