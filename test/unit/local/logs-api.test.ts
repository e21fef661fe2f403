import { expect, test } from 'vitest';
import { LogStore } from '#local/logs/log-store.ts';
import { logsApi } from '#local/logs/logs-api.ts';

const CALL = { endpoint: 'http://local', principalId: 'operator' };
const AT_MS = 1_790_400_000_500;

function aStore(...lines: readonly object[]): LogStore {
  const store = new LogStore();
  for (const [index, line] of lines.entries()) {
    store.add({ atMs: AT_MS + index, logGroup: 'ingest-logs', text: JSON.stringify(line) });
  }
  return store;
}

async function ask(store: LogStore, queryString: string, over: object = {}) {
  const api = logsApi(store);
  const seconds = Math.floor(AT_MS / 1000);
  const asked = {
    logGroupNames: ['ingest-logs'],
    startTime: seconds,
    endTime: seconds,
    queryString,
    ...over,
  };
  const started = await api.handle('StartQuery', JSON.stringify(asked), CALL);
  if (started.status !== 200) return JSON.parse(started.body);
  const { queryId } = JSON.parse(started.body);
  return JSON.parse((await api.handle('GetQueryResults', JSON.stringify({ queryId }), CALL)).body);
}

test('finds lines by their fields, any of them or all, oldest first', async () => {
  const store = aStore({ a: 'x', n: 1 }, { a: 'y', n: 2 }, { a: 'y', n: 3 });
  const messages = async (query: string) => {
    const { results } = await ask(store, `fields @timestamp, @message | filter ${query}`);
    return results.map((row: { value: string }[]) => JSON.parse(row[1]?.value ?? '').n);
  };
  expect(await messages('a = "x" or n = "3"')).toEqual([1, 3]);
  expect(await messages('a = "y" and n = "2"')).toEqual([2]);
  expect(await messages('b = "x"')).toEqual([]);
});

test('answers in CloudWatch’s words', async () => {
  const store = aStore({ a: 'x' });
  expect(await ask(store, 'fields @timestamp, a | sort @timestamp asc | limit 5')).toMatchObject({
    status: 'Complete',
    results: [
      [
        { field: '@timestamp', value: '2026-09-26 05:20:00.500' },
        { field: 'a', value: 'x' },
      ],
    ],
    statistics: { recordsMatched: 1, recordsScanned: 1 },
  });
});

test('looks only into the groups and the time that are named', async () => {
  const store = aStore({ a: 'x' });
  const found = async (over: object) => (await ask(store, 'fields @message', over)).results.length;
  expect(await found({})).toBe(1);
  expect(await found({ logGroupNames: ['others'] })).toBe(0);
  expect(await found({ endTime: Math.floor(AT_MS / 1000) - 1 })).toBe(0);
});

test('refuses what it cannot do, rather than answer something else', async () => {
  const store = aStore({ a: 'x' });
  for (const query of [
    'stats count(*) by a',
    'fields @message | filter a like /x/',
    'sort a desc',
    'limit none',
    'fields @message | filter (a = "x")',
  ]) {
    expect(await ask(store, query), query).toMatchObject({ __type: 'MalformedQueryException' });
  }
  const answer = await logsApi(store).handle('GetQueryResults', '{"queryId":"none"}', CALL);
  expect(answer.status).toBe(400);
  expect((await logsApi(store).handle('PutLogEvents', '{}', CALL)).status).toBe(400);
});

test('forgets the oldest lines, and never the newest', () => {
  const store = new LogStore(10);
  for (let line = 0; line < 95; line += 1) {
    store.add({ atMs: line, logGroup: 'g', text: String(line) });
  }
  const kept = store.between(['g'], 0, 1_000).map(({ text }) => Number(text));
  expect(kept).toEqual([85, 86, 87, 88, 89, 90, 91, 92, 93, 94]);
});
