/** The report for people: one file that needs no other, grouped by requirement. */
import type { ScenarioResult } from '../runner/collect.ts'
import type { Report, RequirementResult } from '../runner/report.ts'
import type { Evidence } from '../scenario/evidence.ts'
import { shown } from '../scenario/mismatch.ts'
import { escaped } from './markup.ts'
import { sequenceDiagram } from './sequence.ts'
import { stateGraph } from './state-graph.ts'

type Rerun = (tags: string) => string

const style = `
:root{color-scheme:light dark;--line:#8885;--bad:#b3261e;--good:#2e7d32;--dim:#777}
body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:72rem;padding:0 1rem}
h1{font-size:1.5rem}h2{font-size:1.15rem;margin-top:2rem}
pre{white-space:pre-wrap;overflow-wrap:anywhere;background:#8881;padding:.6rem;border-radius:6px;font-size:12.5px}
details{border:1px solid var(--line);border-radius:6px;margin:.4rem 0;padding:.3rem .7rem}
details details{border-style:dashed}summary{cursor:pointer}
.pass{color:var(--good)}.fail,.error{color:var(--bad);font-weight:600}.skip,.off{color:var(--dim)}
.mark{display:inline-block;min-width:3.2rem;text-transform:uppercase;font-size:.8rem}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.2rem 1rem}dt{color:var(--dim)}dd{margin:0;overflow-wrap:anywhere}
svg{display:block;max-width:100%;height:auto;margin:.6rem 0}svg text{font:12px system-ui,sans-serif;text-anchor:middle;fill:currentColor}
.lane{font-weight:600}.life{stroke:var(--line)}.arrow{stroke:currentColor;fill:none}.label{font-size:11px}
.state{fill:#8882;stroke:currentColor}.covered{stroke:var(--good);fill:none;stroke-width:2}.uncovered{stroke:var(--dim);fill:none;stroke-dasharray:5 4}
.scroll{overflow-x:auto}`

export function html(report: Report, rerun: Rerun): string {
  const { dialect, target, verdict } = report
  return [
    '<!doctype html><html lang="en"><head><meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width,initial-scale=1">',
    `<title>${escaped(`${dialect} at ${target}: ${verdict}`)}</title><style>${style}</style></head><body>`,
    head(report),
    notes(report),
    '<h2>Transitions asked for</h2>',
    `<div class="scroll">${stateGraph(report.scenarios.flatMap(({ edges }) => edges))}</div>`,
    '<h2>Requirements</h2>',
    ...[...report.requirements].sort(worstFirst).map((result) => requirement(result, report, rerun)),
    '</body></html>\n',
  ].join('\n')
}

const order = ['fail', 'error', 'skip', 'pass', 'off']
const worstFirst = (one: RequirementResult, other: RequirementResult): number =>
  order.indexOf(one.verdict) - order.indexOf(other.verdict)

function head({ dialect, target, verdict, reason, seconds, seed, startedAt, requirements, scenarios }: Report): string {
  const count = (wanted: string): number => requirements.filter((result) => result.verdict === wanted).length
  const counts = order.filter((each) => count(each) > 0).map((each) => `${count(each)} ${each}`)
  return [
    `<h1><span class="${verdict}">${verdict.toUpperCase()}</span> ${escaped(dialect)}</h1>`,
    definitions({
      Target: target,
      Requirements: counts.join(', ') || 'none',
      Scenarios: `${scenarios.length} in ${seconds.toFixed(1)} s`,
      Started: startedAt,
      Seed: String(seed),
      ...(reason === undefined ? {} : { 'Could not ask': reason }),
    }),
  ].join('\n')
}

const definitions = (rows: Readonly<Record<string, string>>): string =>
  `<dl>${Object.entries(rows)
    .map(([name, value]) => `<dt>${escaped(name)}</dt><dd>${escaped(value)}</dd>`)
    .join('')}</dl>`

function notes({ notes: told, baseline }: Report): string {
  const known = baseline.accepted.map(
    ({ requirement: id, expires, reason }) => `Known to fail until ${expires}: ${id} (${reason})`,
  )
  const all = [...baseline.findings.map((sentence) => `Baseline: ${sentence}`), ...known, ...told]
  return all.length === 0 ? '' : `<h2>Notes</h2><ul>${all.map((note) => `<li>${escaped(note)}</li>`).join('')}</ul>`
}

const mark = (verdict: string): string => `<span class="mark ${verdict}">${verdict}</span>`

function requirement(
  { requirement: row, verdict, scenarios }: RequirementResult,
  report: Report,
  rerun: Rerun,
): string {
  const { id, text, level, source } = row
  const open = verdict === 'fail' || verdict === 'error' ? ' open' : ''
  return [
    `<details id="${escaped(id)}"${open}><summary>${mark(verdict)} <code>${escaped(id)}</code> ${escaped(text)}</summary>`,
    `<p>${level}, ${escaped(source.document)}, ${escaped(source.section)}</p>`,
    ...scenarios.map((said) => story(said, { seed: report.seed, id, rerun })),
    '</details>',
  ].join('\n')
}

interface Context {
  readonly seed: number
  readonly id: string
  readonly rerun: Rerun
}

function story({ scenario, verdict, reason = '' }: RequirementResult['scenarios'][number], context: Context): string {
  const title = `${mark(verdict)} ${escaped(`${scenario.feature}: ${scenario.name}`)}`
  if (verdict !== 'fail' && verdict !== 'error') return `<p>${title} ${escaped(reason)}</p>`
  return `<details open><summary>${title}</summary>${failure(scenario, reason, context)}</details>`
}

function failure(scenario: ScenarioResult, reason: string, { seed, id, rerun }: Context): string {
  const { step = '', mismatches, evidence, claims } = scenario
  const about = mismatches.filter(({ requirement: broken }) =>
    broken === undefined ? claims.includes(id) : broken === id,
  )
  const differences = about.map(({ what, expected, actual }) =>
    definitions({ What: what, Expected: shown(expected), Actual: shown(actual) }),
  )
  return [
    definitions({
      ...(step === '' ? {} : { Step: step }),
      ...(reason === '' ? {} : { 'Could not ask': reason }),
      Seed: String(seed),
    }),
    ...differences,
    `<p>Again, just this:</p><pre>${escaped(rerun(`@scenario:${scenario.slug}`))}</pre>`,
    evidence === undefined ? '' : exhibits(evidence),
  ].join('\n')
}

function exhibits(evidence: Evidence): string {
  const { cards, exchanges, events, messages } = evidence
  const card = cards.map(({ eid, before, after }) =>
    definitions({ eUICC: eid, Before: before.join('; ') || 'no eSIM', After: after.join('; ') || 'no eSIM' }),
  )
  return [
    ...card,
    folded(
      'Script that reproduces it',
      evidence.script === undefined ? '' : `<pre>${escaped(evidence.script)}</pre>`,
      true,
    ),
    folded('Sequence', `<div class="scroll">${sequenceDiagram(evidence)}</div>`, true),
    folded(
      `Requests and answers (${exchanges.length})`,
      exchanges
        .map(({ request, response }) => `<pre>${escaped(request)}</pre><pre>${escaped(response)}</pre>`)
        .join(''),
      true,
    ),
    folded(
      `Events (${events.length})`,
      events
        .map(
          ({ at, headers, body, answered }) =>
            `<pre>${escaped(`${at}, answered ${answered}\n${headers}\n\n${body}`)}</pre>`,
        )
        .join(''),
    ),
    folded(
      `Messages between (${messages.length})`,
      messages
        .map(({ at, from, to, operation, content }) =>
          folded(`${at.slice(11, 23)} ${from} → ${to} ${operation}`, `<pre>${escaped(content)}</pre>`),
        )
        .join(''),
    ),
  ].join('\n')
}

const folded = (title: string, content: string, open = false): string =>
  content === '' ? '' : `<details${open ? ' open' : ''}><summary>${escaped(title)}</summary>${content}</details>`
