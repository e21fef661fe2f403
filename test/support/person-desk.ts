import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import { DynamoConversationStore } from '#adapters/dynamodb/dynamo-conversation-store.ts';
import { SqsChatQueue } from '#adapters/sqs/sqs-chat-queue.ts';
import { systemClock } from '#adapters/system/system-clock.ts';
import { type Command, commandMessage } from '#domain/conversation/command.ts';
import type { ChatHead } from '#domain/conversation/head.ts';
import { inboundKey } from '#domain/conversation/message.ts';
import { type Chat, parseContactId, parsePhoneNumberId } from '#domain/ids.ts';
import { present } from './builders.ts';
import { RecordingLog } from './recorders.ts';
import { BAKERY } from './webhooks.ts';

interface Place {
  readonly aws_url: string;
  readonly region: string;
  readonly access_key_id: string;
  readonly outputs: Readonly<Record<string, string>>;
}

/** Somebody of the bakery: puts commands into the inboxes of a running stack, and rings, as a door does. */
export class PersonDesk {
  readonly #store: DynamoConversationStore;
  readonly #bell: SqsChatQueue;
  readonly #clients: readonly { destroy(): void }[];
  #commands = 0;

  static async open(stackUrl: string): Promise<PersonDesk> {
    const answer = await fetch(`${stackUrl}/simulator/api/stack`);
    return new PersonDesk((await answer.json()) as Place);
  }

  private constructor({ aws_url: endpoint, region, access_key_id, outputs }: Place) {
    const credentials = { accessKeyId: access_key_id, secretAccessKey: 'any' };
    const dynamo = new DynamoDBClient({ endpoint, region, credentials });
    const sqs = new SQSClient({ endpoint, region, credentials });
    this.#clients = [dynamo, sqs];
    const log = new RecordingLog();
    const tableName = present(outputs['ConversationsTableName']);
    this.#store = new DynamoConversationStore({
      client: dynamo,
      tableName,
      clock: systemClock,
      log,
    });
    const queueUrl = present(outputs['ChatQueueUrl']);
    this.#bell = new SqsChatQueue({ client: sqs, queueUrl, random: { next: () => 0.5 }, log });
  }

  async want(contact: string, command: Command): Promise<void> {
    this.#commands += 1;
    const chat = chatOf(contact);
    const nowMs = Date.now();
    const id = `desk-${this.#commands}`;
    const message = commandMessage(chat, command, { id, atMs: nowMs });
    const arrival = { message, acceptedAtMs: nowMs, position: 0, correlationId: id };
    await this.#store.accept([arrival]);
    const messageKey = inboundKey(message);
    await this.#bell.ring([{ chat, messageKey, number: 0, correlationId: id }]);
  }

  take(contact: string): Promise<void> {
    return this.want(contact, { kind: 'take', by: 'ana' });
  }

  release(contact: string): Promise<void> {
    return this.want(contact, { kind: 'release', by: 'ana' });
  }

  say(contact: string, text: string): Promise<void> {
    return this.want(contact, { kind: 'say', by: 'ana', content: { kind: 'text', text } });
  }

  head(contact: string): Promise<ChatHead> {
    return this.#store.readHead(chatOf(contact));
  }

  close(): void {
    for (const client of this.#clients) client.destroy();
  }
}

function chatOf(contact: string): Chat {
  return {
    phoneNumberId: present(parsePhoneNumberId(BAKERY)),
    contact: present(parseContactId(contact)),
  };
}
