import { expect, test } from 'vitest'
import { type Fault, faultCatalogue, type Outcome } from './index.ts'

/** `docs/faults.md` is written from the catalogue: `npx vitest run emulator/faults/document.test.ts -u`. */
const DOCUMENT = '../../docs/faults.md'

const hops = { card: 'Card', IPA: 'IPA', eIM: 'eIM', 'SM-DP+': 'SM-DP+', network: 'Network' } as const

const introduction = `# Faults

Every fault that can be switched on, by the place where it happens. Each is a layer around correct code: nothing in a handler knows of it, and a start without a
scenario is clean. Written from \`emulator/faults/rows\` by a test; others run the procedure of every row and ask the API, and in both bindings of ESipa the eIM, for what the row promises.

- *strikes* is the message at which the layer acts; a plan may narrow a pattern (\`"message": "ES9+.*"\`) and says which occurrences at which devices are struck.
- *shows* is what the API shows of that procedure under the plan of the row: \`success\`, an error code in the spelling of \`esim-management@0.1\`, or \`pending\`:
  nothing until the fault is cleared, which then leads to success. A procedure that cannot end otherwise ends with the time limit of its operation.

Switched on by \`--scenario FILE\` ([examples](../fixtures/scenarios)) or the [control API](control-api.md):

\`\`\`
curl -s http://127.0.0.1:8080/testbed/v1/faults -H 'content-type: application/json' \\
  -d '{"fault": "smdp/bad-mac", "devices": ["89049032010000000000000000000138"], "when": {"nth": 2, "count": 1}}'
curl -s http://127.0.0.1:8080/testbed/v1/faults/report
curl -s -X DELETE http://127.0.0.1:8080/testbed/v1/faults
\`\`\`

A plan with a \`chance\` draws from its seed, the EID and the occurrence: the same seed strikes the same messages of a device, however devices interleave. The seed is
in the report. A recording of a card whose signatures were struck does not replay.
`

const cell = (text: string): string => text.replaceAll('|', '\\|')

const parametersOf = ({ parameters, seeded }: Fault): string =>
  [
    ...Object.entries(parameters).map(
      ([name, { default: value, description, minimum, maximum }]) =>
        `\`${name}\` = ${JSON.stringify(value)}: ${description}${minimum === undefined && maximum === undefined ? '' : ` (${minimum ?? ''} to ${maximum ?? ''})`}`,
    ),
    ...(seeded === undefined ? [] : [`the seed decides ${seeded}`]),
  ].join('; ') || '–'

const planOf = ({ plan, message }: Outcome): string => {
  const words = Object.entries({ ...plan, ...(message && { message }) }).map(([name, value]) => `${name} ${value}`)
  return words.length > 0 ? ` (${words.join(', ')})` : ''
}

function rowOf([name, fault]: [string, Fault]): string {
  const { summary, place, outcome, source } = fault
  const shown = outcome.code ?? outcome.shows
  return [
    `\`${name}\``,
    summary,
    `\`${place.message}\``,
    parametersOf(fault),
    `${outcome.procedure}${planOf(outcome)}: \`${shown}\`${outcome.details ? `, \`${outcome.details}\`` : ''}. ${outcome.sentence}`,
    source,
  ]
    .map(cell)
    .join(' | ')
}

test('the document says what the catalogue says', async () => {
  const sections = Object.entries(hops).map(([hop, title]) => {
    const rows = Object.entries(faultCatalogue).filter(([, { place }]) => place.hop === hop)
    const head = '| fault | what happens | strikes | parameters | shows | source |\n|---|---|---|---|---|---|'
    return `## ${title}\n\n${head}\n${rows.map((row) => `| ${rowOf(row)} |`).join('\n')}\n`
  })
  await expect([introduction, ...sections].join('\n')).toMatchFileSnapshot(DOCUMENT)
})
