import { type JsonObject, textAt } from '#domain/json.ts';
import { isWebhookSecret } from '#domain/notice/webhook-secret.ts';
import type { WebhookReceiver } from '#local/notices/webhook-receiver.ts';
import type { SnsModel } from '#local/sns/sns-model.ts';
import { optionalWholeNumber } from './request-body.ts';
import { RequestError } from './request-error.ts';

/** `POST receiver`: what it knows and how it answers. @throws RequestError 400 */
export function changeReceiver(receiver: WebhookReceiver, body: JsonObject): JsonObject {
  const secret = textAt(body, 'secret');
  if (secret !== undefined && !isWebhookSecret(secret)) {
    throw new RequestError(400, 'secret must be whsec_ and the base64 of 24 to 64 bytes');
  }
  const status = optionalWholeNumber(body, 'status', { min: 200, max: 599 });
  receiver.change({ ...(secret && { secret }), ...(status !== undefined && { status }) });
  return describeReceiver(receiver);
}

/** `GET receiver` */
export function describeReceiver({ received }: WebhookReceiver): JsonObject {
  return {
    received: received.map(({ atMs, isValid, ...event }) => ({
      at: atMs,
      valid: isValid,
      ...event,
    })),
  };
}

/** `GET announcements`: what was published to topics. */
export function describeAnnouncements({ published }: Pick<SnsModel, 'published'>): JsonObject {
  return {
    announcements: published.map(({ topicArn, atMs, subject, message, attributes }) => ({
      topic: topicArn,
      at: atMs,
      subject: subject ?? null,
      message,
      attributes,
    })),
  };
}
