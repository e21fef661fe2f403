import type { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import { expect, test } from 'vitest';
import { readJobBody } from '#adapters/sqs/job-body.ts';
import { SqsParkedNotices } from '#adapters/sqs/sqs-parked-notices.ts';
import type { BusinessNotice } from '#app/ports/jobs.ts';
import { aChat, TENANT_ID } from '#test/support/builders.ts';
import { RecordingLog } from '#test/support/recorders.ts';

const NOTICE: BusinessNotice = {
  id: 'notice-1',
  tenantId: TENANT_ID,
  chat: aChat(),
  kind: 'chat.taken',
  atMs: 1,
  messageKeys: [],
  reason: 'operator',
  correlationId: 'request-1',
};
const PARKING = { reason: 'gone', code: 'webhook:http-410', attempts: 3 } as const;

function parkedBy(answer: object) {
  const sent: SendMessageBatchCommand[] = [];
  const client = {
    send: async (command: SendMessageBatchCommand) => {
      sent.push(command);
      return answer;
    },
  } as unknown as SQSClient;
  const random = { next: () => 0 };
  const deps = { client, queueUrl: 'https://queue', random, log: new RecordingLog() };
  return { parked: new SqsParkedNotices(deps), sent };
}

test('a notice lies there as the job that it was, with the reason beside it', async () => {
  const { parked, sent } = parkedBy({});
  await parked.park(NOTICE, PARKING);
  const [entry] = sent[0]?.input.Entries ?? [];
  expect(readJobBody(entry?.MessageBody ?? '')).toEqual({ kind: 'notice', notice: NOTICE });
  expect(entry?.MessageAttributes).toEqual({
    reason: { DataType: 'String', StringValue: 'gone' },
    code: { DataType: 'String', StringValue: 'webhook:http-410' },
    attempts: { DataType: 'Number', StringValue: '3' },
    tenant: { DataType: 'String', StringValue: 'bakery' },
  });
});

test('one that the queue does not take is not taken for parked', async () => {
  const { parked } = parkedBy({ Failed: [{ Id: '0', Code: 'Denied', SenderFault: true }] });
  await expect(parked.park(NOTICE, PARKING)).rejects.toMatchObject({ name: 'QueueRefusedError' });
});
