/** What a scenario sent as secret of a sinkCredential: it must never come back, and no report may show it. */
export function secretsOf(body: string | undefined): readonly string[] {
  const members = ['secret', 'accessToken', 'refreshToken']
  const secrets = members.map((name) => new RegExp(`"${name}":"([^"]{8,})"`).exec(body ?? '')?.[1])
  return secrets.filter((secret) => secret !== undefined)
}
