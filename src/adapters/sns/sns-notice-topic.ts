import type { SNSClient } from '@aws-sdk/client-sns';
import type { Announcement, NoticeTopic } from '#app/ports/notices.ts';

export interface SnsNoticeTopicOptions {
  readonly client: () => Promise<SNSClient>;
  readonly topicArn: string;
}

const SUBJECTS: Readonly<Record<Announcement['kind'], string>> = {
  'chat.taken': 'a person has taken a chat',
  'chat.released': 'a chat is back with the assistant',
  'message.kept': 'a message waits for a person',
  'hand-over.requested': 'a chat waits for a person',
};

/**
 * The stage's topic: readable in a mail, and by a program as JSON. The attributes are for subscriptions that
 * want one tenant's, or one kind only.
 */
export class SnsNoticeTopic implements NoticeTopic {
  readonly #options: SnsNoticeTopicOptions;

  constructor(options: SnsNoticeTopicOptions) {
    this.#options = options;
  }

  async publish(announcement: Announcement): Promise<void> {
    const { client, topicArn: TopicArn } = this.#options;
    // Most jobs have nothing to publish.
    const { PublishCommand } = await import('@aws-sdk/client-sns');
    const { tenantId, kind } = announcement;
    await (await client()).send(
      new PublishCommand({
        TopicArn,
        Subject: `${tenantId}: ${SUBJECTS[kind]}`,
        MessageStructure: 'json',
        Message: JSON.stringify({ default: asJson(announcement), email: inWords(announcement) }),
        MessageAttributes: { tenant: attribute(tenantId), kind: attribute(kind) },
      }),
    );
  }
}

function attribute(StringValue: string) {
  return { DataType: 'String', StringValue };
}

function asJson({ id, tenantId, chat, kind, atMs, reason }: Announcement): string {
  return JSON.stringify({ id, type: kind, tenant: tenantId, chat, at: timeOf(atMs), reason });
}

function inWords({ id, tenantId, chat, kind, atMs, reason }: Announcement): string {
  const lines = [
    `${SUBJECTS[kind]} (${kind})`,
    `Tenant: ${tenantId}`,
    `When: ${timeOf(atMs)}`,
    ...(reason === undefined ? [] : [`Why: ${reason}`]),
    `Chat: ${chat}`,
    '',
    `Which contact that is: npx concierge chat list --tenant ${tenantId}, in the column CHAT.`,
    `Notice ${id}`,
  ];
  return `${lines.join('\n')}\n`;
}

function timeOf(ms: number): string {
  return new Date(ms).toISOString();
}
