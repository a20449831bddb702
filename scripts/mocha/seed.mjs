// Gives every property test of a run one seed, and says which: a failure can then be had again.
import fc from 'fast-check'

const seed = Number(process.env.CAXTON_TEST_SEED ?? Math.floor(Math.random() * 2 ** 31))

fc.configureGlobal({ ...fc.readConfigureGlobal(), seed })

export const mochaGlobalSetup = () => console.log(`\n  seed ${seed} (again with CAXTON_TEST_SEED=${seed})`)
