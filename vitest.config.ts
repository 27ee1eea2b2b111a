import { defineConfig } from 'vitest/config'

// It runs the cases of other files once more, beside a table that it has put itself in front of.
const apart = 'preconditions'

const shared = { exclude: ['node_modules', 'dist'], testTimeout: 60_000, hookTimeout: 60_000 }

export default defineConfig({
  test: {
    projects: [
      // Modules without state of their own are read once for all files: half the time of these tests was reading them again.
      {
        test: {
          ...shared,
          name: 'pure',
          include: ['{protocol,certs,emulator}/**/*.test.ts'],
          exclude: [...shared.exclude, `**/${apart}.test.ts`],
          isolate: false,
        },
      },
      {
        test: {
          ...shared,
          name: 'whole',
          include: ['**/*.test.ts'],
          exclude: [...shared.exclude, `{protocol,certs,emulator}/**/!(${apart}).test.ts`],
        },
      },
    ],
  },
})
