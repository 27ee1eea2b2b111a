import { type ProviderConfig, ProviderConfigurationError, startProvider } from '../../provider/index.ts'
import { type Command, textOf, UsageError } from '../command.ts'
import { ConfigurationError, readMapping } from '../mapping.ts'
import { untilSignal } from '../signal.ts'

export const providerCommand: Command = {
  name: 'provider',
  summary: 'Starts the reference provider alone, before an RSP platform and an authorization server of yours.',
  flags: { config: { value: 'FILE', summary: 'its configuration in YAML or JSON; the keys are in docs/provider.md' } },
  async run(args) {
    const file = textOf(args, 'config')
    if (file === undefined) throw new UsageError('provider: --config is missing.')
    const provider = await startProvider(configOf(file, process.env['DATABASE_URL'])).catch(misunderstood)
    process.stdout.write(`${provider.url}\n`)
    await untilSignal()
    await provider.close()
    return 0
  },
}

/** What the file says of its storage goes before DATABASE_URL. The provider itself refuses what it does not know. */
const configOf = (file: string, databaseUrl: string | undefined): ProviderConfig =>
  ({
    ...(databaseUrl && { storage: { kind: 'postgres', url: databaseUrl } }),
    ...readMapping(file),
  }) as unknown as ProviderConfig

function misunderstood(error: unknown): never {
  throw error instanceof ProviderConfigurationError ? new ConfigurationError(error.message) : error
}
