import type { ReactNode } from 'react'
import type { Card } from '../api/contract.ts'
import { useWorld } from '../state/store-browser.ts'
import { Flash, useArrivals } from './Flash.tsx'
import { octets } from './format.ts'

/** What else stands in the card, list by list. */
export function CardFacts({ card }: { readonly card: Card }) {
  return (
    <div className="card-facts">
      <Eims card={card} />
      <Packages card={card} />
      <Pending card={card} />
      <Addresses card={card} />
      <Certificates card={card} />
      <Files card={card} />
    </div>
  )
}

const Panel = ({ title, children }: { readonly title: string; readonly children: ReactNode }) => (
  <section className="panel" aria-label={title}>
    <h3>{title}</h3>
    {children}
  </section>
)

const Eims = ({ card }: { readonly card: Card }) => (
  <Panel title={`eIM associations (${card.eims.length})`}>
    {card.eims.map(({ eimId, eimFqdn, counterValue, associationToken, eimSupportedProtocol = [] }) => (
      <dl key={eimId} className="facts">
        <dt>eIM</dt>
        <dd>{eimId}</dd>
        <dt>address</dt>
        <dd className="mono">{eimFqdn ?? 'none'}</dd>
        <dt>counter</dt>
        <dd className="mono">
          <Flash of={card.eid + eimId} value={counterValue}>
            {counterValue}
          </Flash>
        </dd>
        <dt>token</dt>
        <dd className="mono">
          <Flash of={card.eid + eimId} value={associationToken ?? ''}>
            {associationToken ?? 'none'}
          </Flash>
        </dd>
        {eimSupportedProtocol.length > 0 && (
          <>
            <dt>protocols</dt>
            <dd>{eimSupportedProtocol.join(', ')}</dd>
          </>
        )}
      </dl>
    ))}
  </Panel>
)

/** Pending rows are there or not: a new one lights up. */
function Pending({ card }: { readonly card: Card }) {
  const numbers = [...card.notifications, ...card.packageResults].map(({ seqNumber }) => `${seqNumber}`)
  const arrived = useArrivals(card.eid, numbers)
  const look = (seqNumber: number) => (arrived.has(`${seqNumber}`) ? 'flash' : undefined)
  return (
    <Panel title="Pending on the card">
      <table>
        <tbody>
          {card.notifications.map(({ seqNumber, profileManagementOperation, notificationAddress, iccid }) => (
            <tr key={`n${seqNumber}`} className={look(seqNumber)}>
              <td className="mono">{seqNumber}</td>
              <td>{profileManagementOperation.join(', ')}</td>
              <td className="mono">{iccid ?? notificationAddress}</td>
            </tr>
          ))}
          {card.packageResults.map(({ seqNumber, kind, counterValue }) => (
            <tr key={`r${seqNumber}`} className={look(seqNumber)}>
              <td className="mono">{seqNumber}</td>
              <td>{kind}</td>
              <td className="mono">counter {counterValue ?? '–'}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {card.notifications.length + card.packageResults.length === 0 && (
        <p className="quiet">No notification and no package result waits.</p>
      )}
      {card.rollbackTo && (
        <p>
          A rollback to <span className="mono">{card.rollbackTo}</span> is possible.
        </p>
      )}
      {card.refreshFor && <p>REFRESH is outstanding for {card.refreshFor}.</p>}
    </Panel>
  )
}

/** Packages at the eIM for this device, newest first. */
function Packages({ card }: { readonly card: Card }) {
  const { packages } = useWorld()
  const own = [...packages.values()].filter(({ eid }) => eid === card.eid).reverse()
  return (
    <Panel title={`Packages at the eIM (${own.length})`}>
      <table>
        <tbody>
          {own.slice(0, 12).map(({ packageId, state, order }) => (
            <tr key={packageId}>
              <td>
                <Flash of={packageId} value={state} className={`mark ${state === 'done' ? 'good' : 'busy'}`}>
                  {state}
                </Flash>
              </td>
              <td className="mono clip" title={JSON.stringify(order)}>
                {summaryOf(order)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Panel>
  )
}

/** An order in a few words: its operations. */
function summaryOf(order: unknown): string {
  const [kind, content] = Object.entries((order ?? {}) as Record<string, unknown>)[0] ?? ['', undefined]
  const rows = Array.isArray(content) ? content.flatMap((row) => Object.keys(row as object)) : []
  return rows.length > 0 ? `${kind}: ${rows.join(', ')}` : kind
}

const Addresses = ({ card: { eid, addresses, information, immediateEnable } }: { readonly card: Card }) => (
  <Panel title="Addresses and product">
    <dl className="facts">
      <dt>default SM-DP+</dt>
      <dd className="mono">
        <Flash of={eid} value={addresses.defaultDpAddress ?? ''}>
          {addresses.defaultDpAddress ?? 'none'}
        </Flash>
      </dd>
      <dt>root SM-DS</dt>
      <dd className="mono">{addresses.rootDsAddress}</dd>
      <dt>immediate enable</dt>
      <dd>
        <Flash of={eid} value={`${immediateEnable}`}>
          {immediateEnable ? 'allowed' : 'not allowed'}
        </Flash>
      </dd>
      {Object.entries(information).map(([name, value]) => (
        <div key={name} className="pair">
          <dt>{name}</dt>
          <dd className="mono">{value}</dd>
        </div>
      ))}
    </dl>
  </Panel>
)

const Certificates = ({ card }: { readonly card: Card }) => (
  <Panel title={`Certificates (${card.certificates.length})`}>
    {card.certificates.map(({ role, subject, issuer, serialNumber, notBefore, notAfter, curve }) => (
      <details key={role + serialNumber + curve}>
        <summary>
          <em className="mark">{role}</em> {subject} <i className="quiet">{curve}</i>
        </summary>
        <dl className="facts">
          <dt>issuer</dt>
          <dd>{issuer}</dd>
          <dt>serial number</dt>
          <dd className="mono">{serialNumber}</dd>
          <dt>valid</dt>
          <dd className="mono">
            {notBefore.slice(0, 10)} to {notAfter.slice(0, 10)}
          </dd>
        </dl>
      </details>
    ))}
  </Panel>
)

const Files = ({ card: { files } }: { readonly card: Card }) => (
  <Panel title={`Files of the enabled profile (${files.length})`}>
    <ul className="files">
      {files.map(({ path, kind, content }) => (
        <li key={path} style={{ paddingInlineStart: `${(path.split('/').length - 1) * 0.9}rem` }}>
          <span className="mono">{path.split('/').at(-1)}</span> <i className="quiet">{kind}</i>
          {content !== undefined && (
            <span className="mono clip" title={content}>
              {octets(content.length / 2)} {content.slice(0, 40)}
            </span>
          )}
        </li>
      ))}
    </ul>
    {files.length === 0 && <p className="quiet">No profile is enabled.</p>}
  </Panel>
)
