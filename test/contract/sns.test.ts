import { PublishCommand } from '@aws-sdk/client-sns';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { SnsNoticeTopic } from '#adapters/sns/sns-notice-topic.ts';
import type { Announcement } from '#app/ports/notices.ts';
import { allow, KEY_ARN, NEWS_ARN, startFrontDoor } from '#test/support/aws-front-door.ts';
import { TENANT_ID } from '#test/support/builders.ts';

let aws: Awaited<ReturnType<typeof startFrontDoor>>;
let caller: ReturnType<typeof aws.asFunction>;
beforeAll(async () => {
  aws = await startFrontDoor([NEWS_ARN]);
  caller = aws.asFunction();
});
beforeEach(() => aws.grant(MAY_PUBLISH, MAY_USE_KEY));
afterAll(() => aws.close());

const MAY_PUBLISH = allow('sns:Publish', NEWS_ARN);
const MAY_USE_KEY = {
  ...allow(['kms:Decrypt', 'kms:GenerateDataKey'], KEY_ARN),
  Condition: {
    StringEquals: {
      'kms:ViaService': 'sns.eu-central-1.amazonaws.com',
      'kms:EncryptionContext:aws:sns:topicArn': NEWS_ARN,
    },
  },
};

function publish(over: Partial<PublishCommand['input']> = {}) {
  return caller.sns.send(new PublishCommand({ TopicArn: NEWS_ARN, Message: 'Hola 😀', ...over }));
}

describe('publishing', () => {
  test('passes, and can be looked at with its attributes', async () => {
    const { MessageId } = await publish({
      Subject: 'News',
      MessageAttributes: { tenant: { DataType: 'String', StringValue: 'bakery' } },
    });
    expect(aws.sns.published.at(-1)).toMatchObject({
      topicArn: NEWS_ARN,
      messageId: MessageId,
      subject: 'News',
      message: 'Hola 😀',
      attributes: { tenant: 'bakery' },
    });
  });

  test('needs the right to it', async () => {
    aws.grant(MAY_USE_KEY);
    await expect(publish()).rejects.toMatchObject({
      name: 'AuthorizationErrorException',
      $metadata: { httpStatusCode: 403 },
    });
  });

  test('needs the key of the topic', async () => {
    aws.grant(MAY_PUBLISH);
    await expect(publish()).rejects.toMatchObject({ name: 'KMSAccessDeniedException' });
  });

  test('needs the topic to be there', async () => {
    const other = NEWS_ARN.replace('news', 'other');
    aws.grant(allow('sns:Publish', other));
    await expect(publish({ TopicArn: other })).rejects.toMatchObject({ name: 'NotFoundException' });
  });

  test('needs a message, and a subject of one line', async () => {
    const invalid = { name: 'InvalidParameterException' };
    await expect(publish({ Subject: 'two\nlines' })).rejects.toMatchObject(invalid);
    await expect(publish({ Message: '' })).rejects.toMatchObject(invalid);
  });

  test('can be refused by the topic’s own policy', async () => {
    const Deny = { Effect: 'Deny', Principal: '*', Action: 'sns:Publish', Resource: NEWS_ARN };
    aws.sns.setPolicy(NEWS_ARN, JSON.stringify({ Statement: [Deny] }));
    await expect(publish()).rejects.toMatchObject({ name: 'AuthorizationErrorException' });
    aws.sns.setPolicy(NEWS_ARN, '{}');
  });
});

describe('an announcement', () => {
  const announcement: Announcement = {
    id: 'notice-1',
    tenantId: TENANT_ID,
    chat: 'd2c1ee80ab3f4c6e9f0a1b2c3d4e5f60',
    kind: 'hand-over.requested',
    atMs: 1_790_400_000_000,
    reason: 'customer',
  };

  test('reads as a mail, and as JSON for a program, and can be filtered by', async () => {
    const topic = new SnsNoticeTopic({ client: async () => caller.sns, topicArn: NEWS_ARN });
    await topic.publish(announcement);
    const { subject, message = '{}', attributes } = aws.sns.published.at(-1) ?? {};
    expect(subject).toBe('bakery: a chat waits for a person');
    expect(attributes).toEqual({ tenant: 'bakery', kind: 'hand-over.requested' });
    const { default: json, email } = JSON.parse(message);
    expect(JSON.parse(json)).toEqual({
      id: 'notice-1',
      type: 'hand-over.requested',
      tenant: 'bakery',
      chat: announcement.chat,
      at: '2026-09-26T05:20:00.000Z',
      reason: 'customer',
    });
    expect(email).toContain(`Chat: ${announcement.chat}`);
    expect(email).toContain('npx concierge chat list --tenant bakery');
  });
});
