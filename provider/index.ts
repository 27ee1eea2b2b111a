/** The provider's door. */
export {
  type AuthorizationServerConfig,
  newSigningKey,
  startAuthorizationServer,
} from './auth/authorization-server-http.ts'
export { basePathsOf, type DialectId, dialectIds, scopesOf } from './dialects/index.ts'
export { createLogger } from './logger.ts'
export { ConfigurationError as ProviderConfigurationError } from './schema.ts'
export { openDatabase, type ProviderConfig, startProvider } from './start.ts'
