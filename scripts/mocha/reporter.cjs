// mocha's own reporter; besides, one letter a test goes into the file that CAXTON_TEST_TALLY names, so that the
// results so far are known even when the process dies; and one line a failure into the file beside it.
const { appendFileSync } = require('node:fs')
const { reporters, Runner } = require('mocha')

const { EVENT_TEST_PASS, EVENT_TEST_FAIL, EVENT_TEST_PENDING, EVENT_RUN_END } = Runner.constants

/** Both ends of a long reason: what a program wrote last before it ended says most. */
const shortened = text => text.length <= 600 ? text : `${text.slice(0, 300)} … ${text.slice(-300)}`

module.exports = class TallyReporter extends reporters.Spec {
  constructor (runner, options) {
    super(runner, options)
    const note = letter => () => appendFileSync(process.env.CAXTON_TEST_TALLY, letter)
    runner.on(EVENT_TEST_PASS, note('P'))
    runner.on(EVENT_TEST_FAIL, (test, error) => {
      note('F')()
      const reason = shortened(String(error?.message ?? error).trim().replaceAll(/\s*\n\s*/g, ' | '))
      appendFileSync(`${process.env.CAXTON_TEST_TALLY}.failures`, `FAILED: ${test.fullTitle()}: ${reason}\n`)
    })
    runner.on(EVENT_TEST_PENDING, note('S'))
    runner.on(EVENT_RUN_END, note('E'))
  }
}
