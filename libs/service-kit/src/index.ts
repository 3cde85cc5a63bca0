export { activeTraceId, nameRoute, systemCaller, type SystemCaller } from './caller-context.ts';
export {
  CALLER_HEADER,
  TOKEN_REFUSED_HEADER,
  signCaller,
  signRequest,
  verifyCaller,
  type CallerSecret,
  type CallToken,
  type StandingCaller,
} from './caller-token.ts';
export { camelKeys, type CamelKeys } from './camel-keys.ts';
export { closerOf } from './close-server.ts';
export { env, loadConfig } from './config.ts';
export { dialectOf } from './dialect.ts';
export { identifierHash, keyHash, type IdentifierKind } from './hashes.ts';
export { createHttpClient, type HttpAnswer, type HttpClient } from './http-client.ts';
export { identifierCandidates, normaliseIdentifier, type IdentifierCandidate } from './identifiers.ts';
export {
  createInternalClient,
  type InternalClient,
  type InternalClientOptions,
  type InternalRequest,
} from './internal-client.ts';
export { keyKindOf, keyRoleOf, newKey, randomBase62, shownPrefixOf, type KeyKind } from './keys.ts';
export { createLog, type Log } from './log.ts';
export { MARK_HEADER, MARKS_HEADER, REPLAYED_HEADER, formatMarks, parseMarks } from './marks.ts';
export { metrics, timerOf } from './metrics.ts';
export { createOperations, type OperationsOptions } from './operations.ts';
export { createReadiness, type Readiness, type ReadinessCheck } from './readiness.ts';
export { parseQuery } from './parse-call.ts';
export { checkMedia, readBody } from './read-body.ts';
export { repeat, type Job } from './repeat.ts';
export { renderError, toAppError, type RenderedError } from './render-error.ts';
export { createService, type Service, type ServiceOptions } from './service.ts';
export { SHOWN_PARTNERS_HEADER, formatShownPartners, parseShownPartners } from './shown-partners.ts';
export { runUntilSignal, type StopStep } from './run-until-signal.ts';
