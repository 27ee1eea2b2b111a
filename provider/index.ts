/** The provider's door. */
export { type AuthorizationServerConfig, startAuthorizationServer } from './auth/authorization-server-http.ts'
export { ConfigurationError } from './schema.ts'
export { type ProviderConfig, startProvider } from './start.ts'
