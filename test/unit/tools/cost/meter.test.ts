import { expect, it } from 'vitest';
import { Meter } from '../../../../tools/cost/meter.ts';

const QUEUE_URL = 'http://127.0.0.1:1/000000000000/stage-Chats';

function aMeter(): Meter {
  const meter = new Meter();
  const started = { kind: 'started', atMs: 0, requestId: 'r', source: 'http' } as const;
  meter.see({ ...started, functionName: 'ingest', environmentId: 'E1', coldStart: true });
  return meter;
}

it('counts the calls of a function by the environment that makes them, in requests of 64 KB', async () => {
  const meter = aMeter();
  const sqs = meter.over({
    peer: 'sqs',
    targetPrefix: 'AmazonSQS.',
    api: { handle: () => ({ status: 200, body: '{}' }) },
  });
  const call = { endpoint: '', principalId: 'E1' };
  const send = (url: string, size: number) =>
    sqs.handle(
      'SendMessage',
      JSON.stringify({ QueueUrl: url, MessageBody: 'x'.repeat(size) }),
      call,
    );
  await send(`${QUEUE_URL}.fifo`, 10);
  await send(QUEUE_URL, 100_000);
  await sqs.handle('SendMessage', '{}', { endpoint: '', principalId: 'LOCALOPERATOR' });
  expect(meter.counts.get('ingest')).toMatchObject({
    sqsFifoRequests: 1,
    sqsRequests: 2,
    calls: { 'sqs:SendMessage': 2 },
  });
});

it('counts invocations, and what they log with the lines that Lambda adds', () => {
  const meter = aMeter();
  const line = { functionName: 'ingest', environmentId: 'E1' };
  meter.hear({ ...line, stream: 'stdout', text: 'x'.repeat(99) });
  meter.hear({ ...line, stream: 'platform', text: 'Task timed out' });
  meter.see({
    kind: 'finished',
    atMs: 1,
    functionName: 'ingest',
    requestId: 'r',
    source: 'http',
    outcome: 'returned',
    errorType: undefined,
    durationMs: 1,
  });
  expect(meter.counts.get('ingest')).toMatchObject({
    invocations: 1,
    logBytes: 100 + 330,
    logLines: 1 + 3,
  });
  meter.reset();
  expect(meter.counts.size).toBe(0);
});

it('collects the metrics that are published, and whose they are', () => {
  const meter = aMeter();
  const text = JSON.stringify({
    _aws: {
      CloudWatchMetrics: [{ Namespace: 'Concierge', Metrics: [{ Name: 'MessagesAccepted' }] }],
    },
    MessagesAccepted: [1],
  });
  meter.hear({ functionName: 'ingest', environmentId: 'E1', stream: 'stdout', text });
  expect([...meter.metrics]).toEqual(['ingest/MessagesAccepted']);
});

it('takes only DynamoDB for the tables, whatever else shares its faults', () => {
  const meter = aMeter();
  const api = { handle: () => ({ status: 200, body: '{}' }) };
  meter.over({ peer: 'dynamodb', targetPrefix: 'DynamoDB_20120810.', api });
  const { tables } = meter;
  meter.over({ peer: 'dynamodb', targetPrefix: 'Logs_20140328.', api });
  expect(tables).toBeDefined();
  expect(meter.tables).toBe(tables);
});
