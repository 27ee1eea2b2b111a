#!/usr/bin/env node
import { providerCommand } from './commands/provider.ts'
import { runCommand } from './run.ts'

process.exitCode = await runCommand(providerCommand, process.argv.slice(2))
