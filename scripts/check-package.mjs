// What `npm pack` makes, used as a stranger would: installed in an empty folder, its command run, its types read by a compiler, a testbed started inside vitest.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Octets, dependencies not counted. */
const LARGEST = 5_000_000
const folder = mkdtempSync(join(tmpdir(), 'esim-testbed-package-'))
const run = (command, args, cwd = folder) =>
  execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] })
const put = (name, text) => writeFileSync(join(folder, name), text)

/** Versions that this project tests with. */
const { devDependencies } = JSON.parse(readFileSync('package.json', 'utf8'))
const tools = ['vitest', 'typescript', '@types/node'].map((name) => `${name}@${devDependencies[name]}`)

try {
  const [packed] = JSON.parse(run('npm', ['pack', '--json', '--pack-destination', folder], '.'))
  if (packed.unpackedSize >= LARGEST)
    throw new Error(`the package has ${packed.unpackedSize} octets, at most ${LARGEST} are wanted`)
  const [again] = JSON.parse(run('npm', ['pack', '--json', '--dry-run'], '.'))
  if (again.integrity !== packed.integrity) throw new Error('packed twice, the package has two checksums')
  put('package.json', JSON.stringify({ name: 'a-stranger', private: true, type: 'module' }))
  run('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', `./${packed.filename}`, ...tools])
  put(
    'tsconfig.json',
    JSON.stringify({
      compilerOptions: {
        module: 'NodeNext',
        target: 'ES2023',
        lib: ['ES2023', 'ESNext.Disposable'],
        strict: true,
        skipLibCheck: false,
        noEmit: true,
        types: ['node'],
      },
      include: ['*.ts'],
    }),
  )
  put('lifecycle.test.ts', readFileSync(new URL('./package/lifecycle.ts', import.meta.url), 'utf8'))
  run('npx', ['tsc'])
  // Whatever the machine does besides: limits that only bound a hang.
  run('npx', ['vitest', 'run', '--hookTimeout=120000', '--testTimeout=120000'])
  const decoded = run('npx', ['esim-testbed', 'decode', 'bf5502a000'])
  if (!decoded.includes('GetEimConfigurationDataResponse')) throw new Error(`decode says ${decoded}`)
  console.log(
    `${packed.filename}: ${packed.size} octets packed, ${packed.unpackedSize} unpacked, ${packed.entryCount} files`,
  )
  console.log('5 passed, 0 failed')
} finally {
  rmSync(folder, { recursive: true, force: true })
}
