/** Writes a text into a file of the person who looks. */
export function saveFile(name: string, text: string): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(new Blob([text], { type: 'application/x-ndjson' }))
  link.download = name
  link.click()
  URL.revokeObjectURL(link.href)
}

/** Named by the moment. */
export const runFileName = (): string => `run-${new Date().toISOString().slice(0, 19).replaceAll(':', '')}.ndjson`
