/** State page: reads the control API and its event stream, writes nothing. */

const API = '/testbed/v1'
const KEPT_MESSAGES = 400
const element = (id) => document.getElementById(id)

const devices = new Map()
const messages = []
let selected

function make(tag, properties = {}, ...children) {
  const node = Object.assign(document.createElement(tag), properties)
  node.append(...children)
  return node
}

async function get(path) {
  const response = await fetch(API + path)
  if (!response.ok) throw new Error(`${path}: ${response.status}`)
  return response.json()
}

async function loadDevices() {
  let after = ''
  do {
    const page = await get(`/devices?limit=500${after && `&after=${after}`}`)
    for (const device of page.devices) devices.set(device.eid, device)
    after = page.next ?? ''
  } while (after)
  showDevices()
}

async function reload(eid) {
  devices.set(eid, await get(`/devices/${eid}`))
  showDevices()
  if (eid === selected) showCard()
}

function deviceRow(device) {
  const enabled = device.profiles.find((profile) => profile.state === 'enabled')
  const fallback = device.profiles.find((profile) => profile.fallbackAttribute)
  const choose = make('button', { type: 'button', textContent: device.eid, onclick: () => select(device.eid) })
  const cells = [
    device.owner,
    enabled?.iccid ?? '–',
    fallback?.iccid ?? '–',
    device.profiles.length,
    device.reachable ? 'yes' : 'no',
  ]
  const row = make('tr', {}, make('td', {}, choose), ...cells.map((text) => make('td', { textContent: text })))
  row.setAttribute('aria-selected', String(device.eid === selected))
  return row
}

function showDevices() {
  element('devices').replaceChildren(...[...devices.values()].map(deviceRow))
}

function select(eid) {
  selected = eid
  showDevices()
  showCard()
  showMessages()
}

function profileCard(profile) {
  const { iccid, state, fallbackAttribute, serviceProviderName, profileName, profileClass } = profile
  const card = make(
    'div',
    { className: 'profile' },
    make('p', {}, make('code', { textContent: iccid }), ` ${state}${fallbackAttribute ? ' · fallback' : ''}`),
    make('p', { className: 'quiet', textContent: `${serviceProviderName} · ${profileName} · ${profileClass}` }),
  )
  card.dataset.state = state
  return card
}

function showCard() {
  const device = devices.get(selected)
  if (!device) return
  const title = make('p', {}, make('code', { textContent: device.eid }))
  const count = make('p', { className: 'quiet', textContent: `${device.sequence} changes so far` })
  const profiles =
    device.profiles.length > 0
      ? device.profiles.map(profileCard)
      : [make('p', { textContent: 'No profile installed.' })]
  element('card').replaceChildren(title, count, ...profiles)
}

function messageItem(message) {
  const summary = make('summary')
  const cells = [
    message.at.slice(11, 23),
    message.interface,
    `${message.from} → ${message.to}`,
    message.operation,
    message.status ?? '',
  ]
  summary.append(...cells.map((text, i) => make('span', { textContent: text, className: i === 1 ? 'hop' : '' })))
  const body = message.octets ?? (message.json === undefined ? '' : JSON.stringify(message.json, null, 2))
  const details = make('details', {}, summary, make('p', { className: 'hex', textContent: body || 'no content' }))
  const item = make('li', {}, details)
  item.dataset.interface = message.interface
  return item
}

const isShown = (message) => !element('only-selected').checked || message.eid === selected

function showMessages() {
  element('messages').replaceChildren(...messages.filter(isShown).map(messageItem))
}

function addMessage(message) {
  messages.unshift(message)
  messages.length = Math.min(messages.length, KEPT_MESSAGES)
  if (!isShown(message)) return
  element('messages').prepend(messageItem(message))
  while (element('messages').childElementCount > KEPT_MESSAGES) element('messages').lastElementChild.remove()
}

function follow() {
  const stream = new EventSource(`${API}/events`)
  stream.addEventListener('open', () => {
    element('connection').textContent = 'live'
    loadDevices()
  })
  stream.addEventListener('error', () => {
    element('connection').textContent = 'connection lost, trying again…'
  })
  stream.addEventListener('message', (event) => addMessage(JSON.parse(event.data)))
  stream.addEventListener('card', (event) => {
    const change = JSON.parse(event.data)
    addMessage({
      ...change,
      interface: 'card',
      from: change.cause,
      to: 'eUICC',
      operation: change.type,
      status: change.iccid,
    })
    reload(change.eid)
  })
}

async function start() {
  element('only-selected').addEventListener('change', showMessages)
  const { doors } = await get('')
  element('doors').replaceChildren(
    ...Object.entries(doors).map(([name, url]) => make('li', { textContent: `${name} ${url}` })),
  )
  follow()
}

start()
