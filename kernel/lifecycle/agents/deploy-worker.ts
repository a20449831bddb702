import { parentPort, workerData } from 'node:worker_threads'
import {
  isCaxtonError, type CreatePreparer, type GuestLimits, type HostCall, type PreparedModule,
} from '../../contract/in-shard.js'

/** What the deploy worker is asked. */
export interface PrepareRequest {
  readonly ask: number
  readonly bytes: Uint8Array
  readonly granted: readonly HostCall[]
  readonly limits: GuestLimits
}

/** A declared error as it crosses threads. */
export interface CarriedError {
  readonly code: string
  readonly kind: string
  readonly message: string
  readonly details: object
  readonly remedy: string
}

/** What it answers; first of all that it is ready. */
export type PrepareAnswer =
  | { readonly ready: true }
  | { readonly ask: number, readonly sound: true }
  | { readonly ask: number, readonly prepared: PreparedModule }
  | { readonly ask: number, readonly error: CarriedError }

/** What the deploy worker is born with. */
export interface DeployWorkerBirth {
  readonly preparerModule: string
  readonly settings: unknown
}

const birth = workerData as DeployWorkerBirth
const { createPreparer } = await import(birth.preparerModule) as { createPreparer: CreatePreparer }
const preparer = await createPreparer(birth.settings)

parentPort?.on('message', (request: PrepareRequest) => {
  void answer(request).then(tell)
})
tell({ ready: true })

function tell (answer: PrepareAnswer): void {
  parentPort?.postMessage(answer)
}

async function answer (request: PrepareRequest): Promise<PrepareAnswer> {
  const { ask, bytes, granted, limits } = request
  try {
    return { ask, prepared: await preparer.prepare(bytes, granted, limits, () => { tell({ ask, sound: true }) }) }
  } catch (error) {
    if (!isCaxtonError(error)) throw error
    const { code, kind, message, details, remedy } = error
    return { ask, error: { code, kind, message, details, remedy } }
  }
}
