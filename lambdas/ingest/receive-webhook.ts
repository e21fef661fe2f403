import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { isSignedBy, isVerifyToken } from '#adapters/whatsapp/webhook-signature.ts';
import { type AcceptWebhookDeps, acceptWebhook } from '#app/accept-webhook.ts';
import { type SecretSource, SecretUnavailableError } from '#app/ports/secret-source.ts';
import { isObject, type JsonObject } from '#domain/json.ts';
import { isDeeperThan } from './json-depth.ts';

export interface ReceiveWebhookDeps extends AcceptWebhookDeps {
  readonly secrets: SecretSource;
}

/** Meta sends at most 3 MB; the slack is for what its documentation may round. */
const MOST_BYTES = 3 * 1024 * 1024 + 256 * 1024;
/** Meta's deepest payloads have about a dozen levels. */
const MOST_LEVELS = 64;

/**
 * Meta's two calls: `GET` proves that the address is ours, `POST` brings events. Answers tell an
 * outsider nothing but the status code.
 */
export async function receiveWebhook(
  event: APIGatewayProxyEventV2,
  deps: ReceiveWebhookDeps,
): Promise<APIGatewayProxyStructuredResultV2> {
  try {
    return event.requestContext.http.method === 'GET'
      ? await verifyAddress(event, deps)
      : await takeEvents(event, deps);
  } catch (error) {
    deps.log.error('request_failed', {}, error);
    return answer(error instanceof SecretUnavailableError ? 503 : 500);
  }
}

async function verifyAddress(
  { queryStringParameters: query = {} }: APIGatewayProxyEventV2,
  { secrets, log }: ReceiveWebhookDeps,
): Promise<APIGatewayProxyStructuredResultV2> {
  const challenge = query['hub.challenge'];
  const isSubscription = query['hub.mode'] === 'subscribe' && challenge !== undefined;
  const token = query['hub.verify_token'];
  if (!isSubscription || !token || challenge.length > 1024) return refuse(403, log);
  const isKnown = await withFreshSecrets(secrets, ({ verifyTokens }) =>
    isVerifyToken(token, verifyTokens),
  );
  if (!isKnown) return refuse(403, log);
  return { statusCode: 200, headers: { 'content-type': 'text/plain' }, body: challenge };
}

async function takeEvents(
  event: APIGatewayProxyEventV2,
  deps: ReceiveWebhookDeps,
): Promise<APIGatewayProxyStructuredResultV2> {
  // The length first: what is too long is not worth a hash.
  if ((event.body?.length ?? 0) > MOST_BYTES * 2) return refuse(413, deps.log);
  const raw = Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8');
  if (raw.length > MOST_BYTES) return refuse(413, deps.log);
  const signature = event.headers['x-hub-signature-256'];
  const isGenuine = await withFreshSecrets(deps.secrets, ({ appSecrets }) =>
    isSignedBy(raw, signature, appSecrets),
  );
  if (!isGenuine) {
    deps.metrics.count('SignaturesRejected');
    return refuse(401, deps.log);
  }
  const body = parseObject(raw);
  if (!body) return refuse(400, deps.log);
  const result = await acceptWebhook(body, event.requestContext.requestId, deps);
  return answer(result === 'taken' ? 200 : 503);
}

/** Tries what is cached, and once more with fresh values: a secret may just have been rotated. */
async function withFreshSecrets(
  secrets: SecretSource,
  isMatch: (values: Awaited<ReturnType<SecretSource['platform']>>) => boolean,
): Promise<boolean> {
  if (isMatch(await secrets.platform())) return true;
  return (await secrets.refreshPlatform()) && isMatch(await secrets.platform());
}

/** @returns undefined for what is not a JSON object, or nested beyond reason */
function parseObject(raw: Buffer): JsonObject | undefined {
  try {
    const parsed: unknown = JSON.parse(raw.toString('utf8'));
    return isObject(parsed) && !isDeeperThan(parsed, MOST_LEVELS) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

function refuse(
  statusCode: 400 | 401 | 403 | 413,
  log: ReceiveWebhookDeps['log'],
): APIGatewayProxyStructuredResultV2 {
  log.warn('webhook_refused', { statusCode });
  return answer(statusCode);
}

function answer(statusCode: number): APIGatewayProxyStructuredResultV2 {
  return { statusCode, headers: { 'content-type': 'text/plain' }, body: '' };
}
