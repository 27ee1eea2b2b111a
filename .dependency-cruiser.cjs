/** The import direction of docs/ARCHITECTURE.md: bin -> {emulator, provider, conformance} -> protocol -> nothing of ours. */
const rooms = 'emulator|provider|conformance|bin|bench|certs|test'
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
      comment: 'Others import the index.ts of a room only.',
      severity: 'error',
      from: { path: '^(emulator/[^/]+|provider|conformance|bin)/' },
      to: {
        path: '^(protocol/[^/]+|emulator/[^/]+)/.+',
        pathNot: ['^(protocol/[^/]+|emulator/[^/]+)/index\\.ts$', '^$1/'],
      },
    },
    {
      name: 'no-dev-dependency-in-shipped-code',
      severity: 'error',
      from: { path: '^(protocol|emulator|provider|conformance|bin)/', pathNot: '\\.test\\.ts$' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
    { name: 'resolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
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
