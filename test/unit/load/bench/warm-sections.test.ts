import { expect, it } from 'vitest';
import { growthSection, noTurns } from '../../../../load/bench/growth/growth-section.ts';
import { overlapSection } from '../../../../load/bench/overlap/overlap-section.ts';
import { turnSection } from '../../../../load/bench/turn/turn-section.ts';
import { warmIngestSection } from '../../../../load/bench/warm-ingest/warm-ingest-section.ts';

function isOf(targets: readonly { readonly what: string; readonly is: number }[], what: string) {
  return targets.find((target) => target.what === what)?.is;
}

it('divides warm ingest by the floor of the same round, and gives each step its share', () => {
  const { rows, targets } = warmIngestSection({
    sizes: [
      { name: 'small', bytes: 1_000 },
      { name: 'large', bytes: 10_000 },
    ],
    ours: [
      [100, 300, 120],
      [2_000, 2_000, 2_000],
    ],
    floor: [
      [50, 150, 60],
      [1_000, 1_000, 1_000],
    ],
    steps: [
      [10, 20, 5, 40, 30],
      [100, 200, 50, 400, 300],
    ],
  });
  expect(isOf(targets, 'small, to the floor')).toBe(2);
  // Ten times the bytes for sixteen times the CPU.
  expect(isOf(targets, 'large to small, per byte')).toBeCloseTo(2_000 / 120 / 10);
  expect(rows.find(({ name }) => name === '– parse')?.cells).toEqual([20, '17 %', 200, '10 %']);
  expect(rows.find(({ name }) => name.startsWith('– runtime'))?.cells[0]).toBe(15);
});

it('tells the CPU of a turn by the batch, and its calls by kind', () => {
  const spent = (cpuMs: number) => ({ cpuMs: [cpuMs], wallMs: [cpuMs * 2] });
  const calls = {
    'DynamoDB Query': 2,
    'DynamoDB GetItem': 1,
    'DynamoDB UpdateItem': 4,
    'DynamoDB PutItem': 1,
    'DynamoDB ms': 9,
    'SQS DeleteMessageBatch': 1,
    'SQS ms': 3,
    'Model responses': 1,
    'Graph messages': 2,
  };
  const { rows, targets } = turnSection({
    ours: [spent(9), spent(60)],
    floor: [spent(6), spent(30)],
    calls: { ours: calls, floor: calls },
  });
  expect(targets.map(({ is }) => is)).toEqual([1.5, 2]);
  expect(rows[0]).toEqual({
    name: 'processor, 1 chat',
    cells: [9, 18, 9, 1.5, '3', '5', '1 DeleteMessageBatch', '1', '2'],
  });
  expect(rows[2]?.cells.slice(0, 4)).toEqual([60, 120, 6, 2]);
});

it('compares ten chats with one by what they get done, not by how long they take', () => {
  const { targets } = overlapSection({
    modelMs: 3_000,
    aloneMs: [3_000],
    batchMs: [3_125],
    slow: [{ takenUpMs: 30, answeredMs: 400, slowMs: 3_000 }],
  });
  expect(targets.map(({ is }) => is)).toEqual([9.6, 0.01]);
});

it('holds each length against the one before it, and the end of the process against its beginning', () => {
  const turns = [4, 5, 6].map((cpuMs) => ({ ...noTurns(), cpuMs: [cpuMs, cpuMs] }));
  const { rows, targets } = growthSection({
    turns,
    routing: [100, 110, 200].map((cpuUs) => ({ cpuUs, wallUs: cpuUs })),
    memory: [19, 20, 22, 30].map((heapMb, nth) => ({ invocations: nth, heapMb, rssMb: 100 })),
  });
  expect(isOf(targets, 'a turn, CPU, 1,000 messages to 10')).toBe(1.25);
  expect(isOf(targets, 'a turn, CPU, 100,000 messages to 1,000')).toBe(1.2);
  expect(isOf(targets, 'routing, CPU, 100,000 tenants to 10')).toBe(2);
  expect(isOf(targets, 'heap, the last quarter of the turns to the second')).toBe(1.5);
  expect(rows).toHaveLength(3 + 3 + 4);
});
