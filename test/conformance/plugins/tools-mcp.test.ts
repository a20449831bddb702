import { toolsKit, type ToolsSubject } from '../../kits/tools.js'
import { labToolServer } from '../../support/tools/lab-server.js'
import { ToolHost } from '../../support/tools/tool-host.js'

toolsKit<ToolsSubject & { stop (): Promise<void> }>('tools-mcp', {
  setup: async () => {
    const host = new ToolHost({}, {}, [{ instance: 'lab', service: labToolServer }])
    await host.start()
    return {
      tools: host.tools, allowed: 'clerk', stranger: 'stranger', echo: 'lab.echo', failing: 'lab.failing', endless: 'lab.endless',
      stop: () => host.tools.stop(),
    }
  },
  teardown: ({ stop }) => stop(),
})
