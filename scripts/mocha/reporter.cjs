// mocha's own reporter; besides, one letter a test goes into the file that CAXTON_TEST_TALLY names, so that the
// results so far are known even when the process dies; and one line a failure into the file beside it.
const { appendFileSync } = require('node:fs')
const { reporters, Runner } = require('mocha')

const { EVENT_TEST_PASS, EVENT_TEST_FAIL, EVENT_TEST_PENDING, EVENT_RUN_END } = Runner.constants

module.exports = class TallyReporter extends reporters.Spec {
  constructor (runner, options) {
    super(runner, options)
    const note = letter => () => appendFileSync(process.env.CAXTON_TEST_TALLY, letter)
    runner.on(EVENT_TEST_PASS, note('P'))
    runner.on(EVENT_TEST_FAIL, (test, error) => {
      note('F')()
      const [reason] = String(error?.message ?? error).split('\n')
      appendFileSync(`${process.env.CAXTON_TEST_TALLY}.failures`, `FAILED: ${test.fullTitle()}: ${reason}\n`)
    })
    runner.on(EVENT_TEST_PENDING, note('S'))
    runner.on(EVENT_RUN_END, note('E'))
  }
}
