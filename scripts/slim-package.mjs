// Before packing: the types of messages are written out many times in declarations, half of it indentation; source maps stay at home, so does what points to them.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

for (const entry of readdirSync('dist', { recursive: true, withFileTypes: true })) {
  const path = join(entry.parentPath, entry.name)
  if (!entry.isFile() || !/\.(d\.ts|js)$/.test(path)) continue
  const text = readFileSync(path, 'utf8')
  const withoutMap = text.replace(/\n\/\/# sourceMappingURL=\S+\s*$/, '\n')
  const slim = path.endsWith('.d.ts') ? withoutMap.replace(/^ +/gm, '') : withoutMap
  if (slim !== text) writeFileSync(path, slim)
}
