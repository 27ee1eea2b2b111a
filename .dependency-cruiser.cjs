/** The import direction of docs/ARCHITECTURE.md: bin -> {emulator, provider, conformance} -> protocol -> nothing of ours. */
const rooms = 'emulator|provider|conformance|bin|bench|fuzz|certs|test'
const roles = ['euicc', 'ipa', 'eim', 'smdp', 'smds']
module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'protocol-imports-nothing-of-ours',
      severity: 'error',
      from: { path: '^protocol/' },
      to: { path: `^(${rooms})/` },
    },
    {
      name: 'conformance-meets-others-over-the-wire',
      severity: 'error',
      from: { path: '^conformance/' },
      to: { path: '^(emulator|provider|bin|certs)/' },
    },
    {
      name: 'provider-meets-the-platform-over-the-wire',
      severity: 'error',
      from: { path: '^provider/' },
      to: { path: '^(emulator|conformance|bin|certs)/' },
    },
    {
      name: 'emulator-knows-no-consumer',
      severity: 'error',
      from: { path: '^emulator/' },
      to: { path: '^(provider|conformance|bin)/' },
    },
    ...roles.map((role) => ({
      name: `${role}-imports-no-other-role`,
      severity: 'error',
      from: { path: `^emulator/${role}/`, pathNot: '\\.test\\.ts$' },
      to: { path: `^emulator/(${roles.filter((other) => other !== role).join('|')}|testbed|console)/` },
    })),
    {
      name: 'rooms-are-entered-by-their-door',
      comment: 'Others import the index.ts of a room only; tests also what the ports have for all of them.',
      severity: 'error',
      from: { path: '^(emulator/[^/]+|provider|conformance|bin)/' },
      to: {
        path: '^(protocol/[^/]+|emulator/[^/]+)/.+',
        pathNot: ['^(protocol/[^/]+|emulator/[^/]+)/index\\.ts$', '^emulator/ports/testing/', '^$1/'],
      },
    },
    {
      name: 'page-runs-in-a-browser',
      comment: 'What it needs of ours is the decoder; everything else it asks the control API for.',
      severity: 'error',
      from: { path: '^emulator/console/page/', pathNot: '\\.test\\.ts$' },
      to: { path: '^(protocol/(crypto|saip)|emulator/(?!console/page)|provider|conformance|bin|certs)/' },
    },
    {
      name: 'page-uses-nothing-of-node',
      severity: 'error',
      from: {
        path: '^(emulator/console/page|protocol/(ber|sgp22|sgp32|codes|identifiers))/',
        pathNot: '\\.test\\.ts$',
      },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'no-dev-dependency-in-shipped-code',
      comment: 'The page ships as a bundle, its libraries in it.',
      severity: 'error',
      from: {
        path: '^(protocol|emulator|provider|conformance|bin)/',
        pathNot: ['\\.test\\.ts$', '^emulator/console/page/'],
      },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
    { name: 'resolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    // Its parser does not read JSX: what views may import, Biome checks (noRestrictedImports).
    exclude: { path: '\\.tsx$' },
    parser: 'swc',
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.js', '.json'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
}
