/** The provider's door. */
export { type AuthorizationServerConfig, startAuthorizationServer } from './auth/authorization-server-http.ts'
export { ConfigurationError } from './config.ts'
export { type ProviderConfig, startProvider } from './start.ts'
