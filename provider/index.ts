/** The reference provider of the CAMARA eSIM Management API, and an authorization server for its clients. */
export {
  type AuthorizationServerConfig,
  newSigningKey,
  startAuthorizationServer,
} from './auth/authorization-server-http.ts'
export { basePathsOf, type DialectId, dialectIds, scopesOf } from './dialects/index.ts'
export { createLogger } from './logger.ts'
export { ConfigurationError as ProviderConfigurationError } from './schema.ts'
export { openDatabase, type ProviderConfig, startProvider } from './start.ts'
