import type { KitRunner } from '../kits/runner.js'

/** Takes a kit's tests in and runs them when asked, so that a test can see which of them fail. */
export class CollectingRunner implements KitRunner {
  readonly #tests: Array<{ readonly name: string, readonly body: () => Promise<void> }> = []
  readonly #before: Array<() => Promise<void>> = []
  readonly #after: Array<() => Promise<void>> = []
  readonly skipped: string[] = []

  readonly it = Object.assign((name: string, body: () => Promise<void>) => { this.#tests.push({ name, body }) }, {
    skip: (name: string) => { this.skipped.push(name) },
  })

  /** `patience`: milliseconds after which a test that hangs counts as failed. */
  constructor (private readonly patience = 1000) {}

  describe (_name: string, body: () => void): void {
    body()
  }

  beforeEach (body: () => Promise<void>): void {
    this.#before.push(body)
  }

  afterEach (body: () => Promise<void>): void {
    this.#after.push(body)
  }

  get names (): string[] {
    return this.#tests.map(test => test.name)
  }

  /** Runs every test, or the one of that name, and gives the names of those that failed. */
  async failures (only?: string): Promise<string[]> {
    const failed: string[] = []
    for (const { name, body } of this.#tests) {
      if (only !== undefined && name !== only) continue
      try {
        for (const hook of this.#before) await hook()
        await this.#within(body())
      } catch {
        failed.push(name)
      }
      for (const hook of this.#after) await hook()
    }
    return failed
  }

  async #within (test: Promise<void>): Promise<void> {
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => { reject(new Error('the test hangs')) }, this.patience)
    })
    await Promise.race([test, late]).finally(() => { clearTimeout(timer) })
  }
}
