import type { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { expect, test, vi } from 'vitest';
import { CloudLogs } from '#operator/trace/cloud-logs.ts';

const QUESTION = { fromMs: 1_790_400_000_500, toMs: 1_790_400_060_500 };
const LINE = { level: 'INFO', message: 'turn_closed', service: 'processor', outcome: 'answered' };

/** CloudWatch Logs with these answers to what is asked for a query's results. */
function logsWith(...answers: readonly object[]) {
  const asked: Record<string, unknown>[] = [];
  const commands: string[] = [];
  const left = [...answers];
  const client = {
    send: async (command: { readonly input: Record<string, unknown> }) => {
      asked.push(command.input);
      commands.push(command.constructor.name);
      return 'queryString' in command.input ? { queryId: 'q1' } : left.shift();
    },
  };
  const logs = new CloudLogs(client as unknown as CloudWatchLogsClient, () => 'one,two');
  return { asked, commands, logs };
}

function rowOf(message: string) {
  return [
    { field: '@timestamp', value: '2026-09-26 05:20:00.123' },
    { field: '@message', value: message },
    { field: '@ptr', value: 'x' },
  ];
}

test('asks all log groups for the time, and reads the lines of our functions', async () => {
  const results = [rowOf(JSON.stringify(LINE)), rowOf('START RequestId: 1'), rowOf('{"a":1}')];
  const { asked, logs } = logsWith({ status: 'Running' }, { status: 'Complete', results });
  expect(
    await logs.search({ ...QUESTION, anyOf: [['messageId', 'abc'] as const, ['chat', 'def']] }),
  ).toEqual([
    {
      atMs: Date.parse('2026-09-26T05:20:00.123Z'),
      service: 'processor',
      event: 'turn_closed',
      level: 'INFO',
      fields: LINE,
    },
  ]);
  expect(asked[0]).toEqual({
    logGroupNames: ['one', 'two'],
    startTime: 1_790_400_000,
    endTime: 1_790_400_061,
    queryString:
      'fields @timestamp, @message | filter messageId = "abc" or chat = "def" | sort @timestamp asc | limit 1000',
  });
});

test('puts nothing into a query that could be more than a value', async () => {
  const { asked, logs } = logsWith();
  expect(await logs.search({ ...QUESTION, anyOf: [['messageId', '" or 1 = "1']] })).toEqual([]);
  expect(asked).toEqual([]);
});

test('says so where CloudWatch ends a query without an answer', async () => {
  const { logs } = logsWith({ status: 'Timeout' });
  const search = logs.search({ ...QUESTION, anyOf: [['messageId', 'abc']] });
  await expect(search).rejects.toThrow('ended the query as Timeout');
});

test('stops a query that it waits for no longer, since all that it reads is billed', async () => {
  vi.useFakeTimers();
  try {
    const running = Array.from({ length: 100 }, () => ({ status: 'Running' }));
    const { commands, logs } = logsWith(...running);
    const search = logs.search({ ...QUESTION, anyOf: [['messageId', 'abc']] });
    const ended = expect(search).rejects.toThrow('--since 24h');
    await vi.advanceTimersByTimeAsync(70_000);
    await ended;
    expect(commands.at(-1)).toBe('StopQueryCommand');
  } finally {
    vi.useRealTimers();
  }
});

test('asks for as much as a query can hold', async () => {
  const { asked, logs } = logsWith({ status: 'Complete' });
  const ids = Array.from({ length: 300 }, (_, index) => `request-${index}`.padEnd(36, 'x'));
  await logs.search({ ...QUESTION, anyOf: ids.map((id) => ['correlationId', id] as const) });
  expect(String(asked[0]?.['queryString'])).toContain(`= "${ids[0]}" or`);
  expect(String(asked[0]?.['queryString']).length).toBeLessThan(10_000);
});
