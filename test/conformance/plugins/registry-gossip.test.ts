import { registryKit } from '../../kits/registry.js'
import { gossipSubject } from '../../support/registry/gossip-subject.js'

registryKit('gossip', { setup: gossipSubject, teardown: subject => subject.stop() })
