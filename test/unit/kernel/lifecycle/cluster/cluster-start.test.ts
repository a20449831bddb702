import { expect } from 'chai'
import { definePlugin, MembershipToken } from '../../../../../kernel/contract/index.js'
import { clusterSettings, type ClusterStart } from '../../../../../kernel/lifecycle/cluster/cluster-start.js'
import type { PluginEntry } from '../../../../../kernel/lifecycle/plugins/plugin-loader.js'

const plugin = definePlugin({ name: 'ring', summary: '.', stability: 'stable', contract: '^1.0', provides: [MembershipToken] })
const entryOf = (config: object): PluginEntry =>
  ({ instance: 'my-ring', plugin, config: { ...config }, optional: false, allow: [], builtIn: false })
const start = (words: Partial<ClusterStart>): ClusterStart => ({ bootstrap: false, join: [], fromFile: false, ...words })

describe('The words of a start about the cluster', () => {
  it('set seeds and bootstrap of whichever plugin knows the nodes', () => {
    const entries = [entryOf({ seeds: [] })]
    expect(clusterSettings(start({ join: ['a:7946', 'b'] }), entries)).to.deep.equal(
      { sets: ['plugins.my-ring.seeds=a:7946,b', 'plugins.my-ring.bootstrap=false'], problems: [] })
    expect(clusterSettings(start({ bootstrap: true }), entries)).to.deep.equal({ sets: ['plugins.my-ring.bootstrap=true'], problems: [] })
    expect(clusterSettings(start({ bootstrap: true, join: ['a'] }), entries).sets).to.deep.equal(
      ['plugins.my-ring.seeds=a', 'plugins.my-ring.bootstrap=true'])
  })

  it('change nothing when the seeds of the file are to do', () => {
    expect(clusterSettings(start({ fromFile: true }), [entryOf({ seeds: ['a'] })])).to.deep.equal({ sets: [], problems: [] })
  })

  it('are refused when the file names no seeds that they rely on', () => {
    const { problems } = clusterSettings(start({ fromFile: true }), [entryOf({ seeds: [] })])
    expect(problems.map(({ code, path }) => [code, path])).to.deep.equal([['CLUSTER_SEEDS_MISSING', 'plugins.my-ring.seeds']])
    expect(clusterSettings(start({ fromFile: true, join: ['a'] }), [entryOf({ seeds: [] })]).problems).to.deep.equal([])
  })

  const words = { '--join': { join: ['a'] }, '--bootstrap': { bootstrap: true }, '--cluster': { fromFile: true } }
  for (const [option, given] of Object.entries(words)) {
    it(`are refused with the lines to add where nothing knows the nodes: ${option}`, () => {
      const { problems, sets } = clusterSettings(start(given), [])
      expect([sets, problems.map(({ code }) => code)]).to.deep.equal([[], ['CLUSTER_PLUGIN_MISSING']])
      expect(problems[0]?.message).to.contain(option)
      expect(problems[0]?.excerpt).to.contain('[plugins.cluster-swim]\n')
    })
  }
})
