import type { MessageAttributeValue } from '@aws-sdk/client-sqs';
import { VirtualClock } from '#local/clock.ts';
import type { SendRequest } from '#local/sqs/message.ts';
import type { ReceiveOptions } from '#local/sqs/receive-plan.ts';
import { SqsModel } from '#local/sqs/sqs-model.ts';

const REGION = 'eu-central-1';
export const ACCOUNT = '123456789012';

/** A queue service as a caller sees it, whichever way it is reached; a refusal is `{ refused: code }`. */
export interface SqsDoor {
  readonly clock: VirtualClock;
  createQueue(name: string, attributes?: Record<string, string>): Promise<unknown>;
  send(name: string, message: SendRequest): Promise<Sent | Refused>;
  sendBatch(
    name: string,
    entries: readonly (SendRequest & { readonly id: string })[],
  ): Promise<{ sent: string[]; failed: { id: string; code: string }[] } | Refused>;
  receive(name: string, options?: ReceiveOptions): Promise<Received[]>;
  delete(name: string, receiptHandle: string): Promise<unknown>;
  changeVisibility(name: string, handle: string, seconds: number): Promise<unknown>;
  attributes(name: string): Promise<Record<string, string>>;
  purge(name: string): Promise<unknown>;
  startMove(sourceArn: string, destinationArn?: string, rate?: number): Promise<unknown>;
  moveStatus(sourceArn: string): Promise<{ status: string; moved: number } | undefined>;
  close(): Promise<void>;
}

export interface Refused {
  readonly refused: string;
}

interface Sent {
  readonly messageId: string;
  readonly sequenceNumber?: string | undefined;
}

interface Received {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  readonly system: Readonly<Record<string, string>>;
  readonly attributes: Readonly<Record<string, MessageAttributeValue>>;
}

export function queueArn(name: string): string {
  return `arn:aws:sqs:${REGION}:${ACCOUNT}:${name}`;
}

export interface TimedModel {
  readonly clock: VirtualClock;
  readonly sqs: SqsModel;
}

export function newModel(): TimedModel {
  const clock = new VirtualClock(1_790_000_000_000);
  return { clock, sqs: new SqsModel({ clock, region: REGION, accountId: ACCOUNT }) };
}
