/** The four words that mocha, node:test and vitest share, as far as a kit uses them. */
export interface KitRunner {
  describe (name: string, body: () => void): void
  readonly it: KitTest
  beforeEach (body: () => Promise<void>): void
  afterEach (body: () => Promise<void>): void
}

export interface KitTest {
  (name: string, body: () => Promise<void>): void
  /** Shows a test as skipped. Without it, the kit writes the name of the skipped test to the console. */
  readonly skip?: (name: string, body: () => Promise<void>) => void
}

/** Mocha's globals. Looked up when a kit runs, so that importing a kit needs no test runner. */
export const mochaRunner = (): KitRunner => ({
  describe: (name, body) => { describe(name, body) },
  it: Object.assign((name: string, body: () => Promise<void>) => { it(name, body) }, {
    skip: (name: string, body: () => Promise<void>) => { it.skip(name, body) },
  }),
  beforeEach: body => { beforeEach(body) },
  afterEach: body => { afterEach(body) },
})

/** One promise of a kit: its name in a sentence, and the test that it is kept. */
export interface KitPromise<S> {
  readonly name: string
  /** A word for `lacks`; only promises that have one may be lacking. */
  readonly ability?: string
  readonly test: (subject: S) => Promise<void>
}

/** What a kit asks of whoever runs it. */
export interface KitSubject<S> {
  /** Gives a fresh subject before every test, started and ready. */
  setup (): Promise<S>
  /** Ends the subject after every test. */
  teardown (subject: S): Promise<void>
  /** Abilities that the subject does not claim; their promises are shown as skipped. */
  readonly lacks?: readonly string[]
}

/** Registers one test for each promise. */
export function runKit<S> (
  title: string, promises: ReadonlyArray<KitPromise<S>>, { setup, teardown, lacks = [] }: KitSubject<S>, runner: KitRunner,
): void {
  runner.describe(title, () => {
    let subject: S | undefined
    runner.beforeEach(async () => { subject = await setup() })
    runner.afterEach(async () => {
      const ended = subject
      subject = undefined
      if (ended !== undefined) await teardown(ended)
    })
    for (const promise of promises) {
      const body = async (): Promise<void> => {
        if (subject === undefined) throw new Error('setup gave no subject')
        await promise.test(subject)
      }
      if (promise.ability === undefined || !lacks.includes(promise.ability)) runner.it(promise.name, body)
      else if (runner.it.skip) runner.it.skip(promise.name, body)
      else console.log(`skipped, for it lacks ${promise.ability}: ${title} ${promise.name}`)
    }
  })
}
