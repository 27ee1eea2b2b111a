#!/usr/bin/env node
import { startCommand } from './commands/start.ts'
import { runCommand } from './run.ts'

process.exitCode = await runCommand(startCommand, process.argv.slice(2))
