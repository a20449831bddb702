/**
 * Who may import whom (DESIGN §2), as rules of dependency-cruiser. A rule's comment is its remedy, shown with each
 * violation. Files are named `.js` here: see shadow-tree.mjs.
 */
export const dependencyRules = [
  {
    name: 'kernel-imports-no-plugin',
    comment: 'The kernel reaches plugins through tokens only: declare a seam in kernel/contract/seams.',
    from: { path: '^kernel/' },
    to: { path: '^plugins/' },
  },
  {
    name: 'plugin-imports-only-the-contract',
    comment: 'A plugin imports ../../kernel/contract/index.js and packages. ' +
      'What it lacks there belongs into the contract, or is a service: take it from a token.',
    from: { path: '^plugins/' },
    // Code that is generated for a plugin's own operations refers to the generated option.
    to: { path: '^kernel/', pathNot: '^kernel/contract/(index|in-shard|proto/caxton/v1/operation_pb)[.](js|ts)$' },
  },
  {
    name: 'plugin-imports-no-plugin',
    comment: 'Plugins meet through a token of kernel/contract/seams: one provides it, the other needs it.',
    from: { path: '^plugins/([^/]+)/' },
    to: { path: '^plugins/', pathNot: '^plugins/$1/' },
  },
  {
    name: 'contract-stands-alone',
    comment: 'The contract is types, tokens and pure functions: move what it needs into the contract, or out of it.',
    from: { path: '^kernel/contract/' },
    to: { path: '^(kernel|plugins|test|scripts)/', pathNot: '^kernel/contract/' },
  },
  {
    name: 'contract-needs-only-protobuf',
    comment: 'Everybody who imports the contract would have to install this: use a type of your own instead.',
    from: { path: '^kernel/contract/' },
    to: { dependencyTypes: ['npm', 'npm-dev', 'npm-optional', 'npm-peer'], pathNot: '/@bufbuild/protobuf/' },
  },
  {
    name: 'only-container-knows-tsyringe',
    comment: 'Use inject() and injectable() of the contract; kernel/lifecycle/plugins/container.ts knows the rest.',
    // The others are for a library that is built on it.
    from: {
      path: '^(kernel|plugins)/',
      pathNot: '^(kernel/lifecycle/plugins/container|plugins/identity-files/(certificate|revocation|request)-maker)[.]js$',
    },
    to: { path: '(^|node_modules/)(tsyringe|reflect-metadata)(/|$)' },
  },
  {
    name: 'kernel-folders-point-inward',
    comment: 'Routing and observability are used by lifecycle, never the other way round: pass in what is needed.',
    from: { path: '^kernel/(routing|observability)/' },
    to: { path: '^kernel/lifecycle/' },
  },
  {
    name: 'code-imports-no-test',
    comment: 'Move what both need out of test/.',
    from: { path: '^(kernel|plugins)/' },
    to: { path: '^(test|scripts)/' },
  },
  {
    name: 'kits-see-only-the-contract',
    comment: 'Kits are published for plugin authors, who have the contract and the package itself: pass in the rest as a parameter.',
    from: { path: '^test/kits/' },
    to: { path: '^(kernel|plugins|test|scripts)/', pathNot: '^(kernel/(contract/)?index[.]js$|test/kits/)' },
  },
  {
    name: 'no-cycles',
    comment: 'Move what both need into a third file, or pass it in. Circles of injectables crash at load.',
    from: {},
    to: { circular: true },
  },
  {
    name: 'imports-lead-somewhere',
    comment: 'The file or package is not there: look at the spelling, or add the package to package.json.',
    from: {},
    to: { couldNotResolve: true, pathNot: '[.]mjs$|^caxton-server' },
  },
  {
    name: 'declared-dependencies-only',
    comment: 'What runs in production stands under "dependencies" of package.json.',
    from: { path: '^(kernel|plugins)/' },
    to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown', 'npm-dev'] },
  },
].map(rule => ({ ...rule, severity: 'error' }))
