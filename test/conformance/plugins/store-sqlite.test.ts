import { storeKit, type StoreSubject } from '../../kits/store.js'
import { never, removeFolder, sqliteStore, temporaryFolder } from '../../support/sqlite-store.js'

const folders = new WeakMap<StoreSubject, string>()

async function started (folder: string): Promise<StoreSubject> {
  const store = sqliteStore(folder)
  await store.start(never())
  const subject: StoreSubject = {
    store,
    stop: () => store.stop(),
    reopen: async () => {
      await store.stop()
      const again = await started(folder)
      running.push(again)
      return again
    },
  }
  folders.set(subject, folder)
  return subject
}

/** What `reopen` gave; ended with the subject. */
let running: StoreSubject[] = []

storeKit('sqlite', {
  setup: async () => await started(await temporaryFolder()),
  teardown: async subject => {
    for (const each of [subject, ...running]) await each.stop()
    running = []
    await removeFolder(folders.get(subject) ?? '')
  },
})
