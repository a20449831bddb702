import { membershipKit } from '../../kits/membership.js'
import { swimMembers } from '../../support/membership/swim-subject.js'

membershipKit('swim', { setup: async () => swimMembers(4711), teardown: subject => subject.stop() })
