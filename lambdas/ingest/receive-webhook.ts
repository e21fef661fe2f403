import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { isSignedBy, isVerifyToken } from '#adapters/whatsapp/webhook-signature.ts';
import type { OwnAppWebhookResult } from '#app/accept-own-app-webhook.ts';
import type { WebhookSecrets } from '#app/ports/app-secret-source.ts';
import { SecretUnavailableError } from '#app/ports/secret-source.ts';
import { acceptedAt } from '#domain/secret/rotation.ts';
import { type Door, type DoorDeps, doorOf } from './door.ts';
import { parseBody } from './parse-body.ts';

export type ReceiveWebhookDeps = DoorDeps;

/** Meta sends at most 3 MB; the slack is for what its documentation may round. */
const MOST_BYTES = 3 * 1024 * 1024 + 256 * 1024;

/** A tenant's own app brought messages of a number that is not its tenant's: Meta sends them again. */
const STATUS_OF: Readonly<Record<OwnAppWebhookResult, number>> = {
  taken: 200,
  'not-taken': 503,
  'refused-in-part': 403,
};

/**
 * Meta's two calls: `GET` proves that the address is ours, `POST` brings events. Answers tell an
 * outsider nothing but the status code, and that is the same whether or not there is such an app.
 */
export async function receiveWebhook(
  event: APIGatewayProxyEventV2,
  deps: ReceiveWebhookDeps,
): Promise<APIGatewayProxyStructuredResultV2> {
  const door = doorOf(event.pathParameters?.['app'], deps);
  if (!door) return refuse(404, deps.log);
  try {
    return event.requestContext.http.method === 'GET'
      ? await verifyAddress(event, door, deps)
      : await takeEvents(event, door, deps);
  } catch (error) {
    deps.log.error('request_failed', {}, error);
    return answer(error instanceof SecretUnavailableError ? 503 : 500);
  }
}

async function verifyAddress(
  { queryStringParameters: query = {} }: APIGatewayProxyEventV2,
  door: Door,
  { log, clock }: ReceiveWebhookDeps,
): Promise<APIGatewayProxyStructuredResultV2> {
  const challenge = query['hub.challenge'];
  const isSubscription = query['hub.mode'] === 'subscribe' && challenge !== undefined;
  const token = query['hub.verify_token'];
  if (!isSubscription || !token || challenge.length > 1024) return refuse(403, log);
  const isKnown = await withFreshSecrets(door, ({ verifyTokens, overlapEndsMs }) =>
    isVerifyToken(token, acceptedAt(clock.now(), verifyTokens, overlapEndsMs?.verifyTokens)),
  );
  if (!isKnown) return refuse(403, log);
  return { statusCode: 200, headers: { 'content-type': 'text/plain' }, body: challenge };
}

async function takeEvents(
  event: APIGatewayProxyEventV2,
  door: Door,
  deps: ReceiveWebhookDeps,
): Promise<APIGatewayProxyStructuredResultV2> {
  // The length first: what is too long is not worth a hash.
  if ((event.body?.length ?? 0) > MOST_BYTES * 2) return refuse(413, deps.log);
  const raw = Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8');
  if (raw.length > MOST_BYTES) return refuse(413, deps.log);
  const signature = event.headers['x-hub-signature-256'];
  // Whoever does not even sign shall not use up what a rotation needs: a look for fresh secrets.
  const isGenuine =
    signature !== undefined &&
    (await withFreshSecrets(door, ({ appSecrets, overlapEndsMs }) =>
      isSignedBy(
        raw,
        signature,
        acceptedAt(deps.clock.now(), appSecrets, overlapEndsMs?.appSecrets),
      ),
    ));
  if (!isGenuine) {
    // What scanners send has none, and wakes nobody: Meta's always has one.
    if (signature !== undefined) deps.metrics.count('SignaturesRejected');
    return refuse(401, deps.log);
  }
  const body = parseBody(raw);
  if (!body) return refuse(400, deps.log);
  return answer(STATUS_OF[await door.accept(body, event.requestContext.requestId, deps)]);
}

/** Tries what is cached, and once more with fresh values: a secret may just have been rotated. */
async function withFreshSecrets(
  door: Door,
  isMatch: (values: WebhookSecrets) => boolean,
): Promise<boolean> {
  const values = await door.secrets();
  if (!values) return false;
  if (isMatch(values)) return true;
  const fresh = (await door.refresh()) ? await door.secrets() : undefined;
  return fresh !== undefined && isMatch(fresh);
}

function refuse(
  statusCode: 400 | 401 | 403 | 404 | 413,
  log: ReceiveWebhookDeps['log'],
): APIGatewayProxyStructuredResultV2 {
  log.warn('webhook_refused', { statusCode });
  return answer(statusCode);
}

function answer(statusCode: number): APIGatewayProxyStructuredResultV2 {
  return { statusCode, headers: { 'content-type': 'text/plain' }, body: '' };
}
