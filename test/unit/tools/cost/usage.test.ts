import { describe, expect, it } from 'vitest';
import { billOf } from '../../../../tools/cost/bill.ts';
import { secretLines, standingOf } from '../../../../tools/cost/standing.ts';
import { firstTraces, type Scene, usageOf } from '../../../../tools/cost/usage.ts';
import { aScene, aUse } from './scene.ts';

const MILLION = 1e6;
const GB = 1_024 ** 3;

function dollarsOf(scene: Scene, part: string): number | undefined {
  const { parts } = billOf(usageOf(scene, MILLION));
  return parts.find((each) => each.part === part)?.dollars;
}

function quantityOf(scene: Scene, part: string, unit: string): number {
  return usageOf(scene, MILLION)
    .filter((line) => line.part === part && line.unit === unit)
    .reduce((sum, { quantity }) => sum + quantity, 0);
}

const functions = aScene().measured.functions;

describe('a million messages', () => {
  it('wait four seconds at half a gigabyte for the model', () => {
    const waiting = 'processor, waiting for model and WhatsApp';
    expect(dollarsOf(aScene(), waiting)).toBeCloseTo(4 * 0.5 * 13.3334, 4);
    const inPairs = aScene({ traffic: { chatsPerBatch: 2 } });
    expect(dollarsOf(inPairs, waiting)).toBeCloseTo(2 * 0.5 * 13.3334, 4);
    // Half the invocations, too.
    expect(quantityOf(inPairs, 'processor, working', 'lambdaRequest')).toBe(MILLION / 2);
  });

  it('work for the CPU time that was measured, at the share of a processor, and for their calls', () => {
    const ingest = aUse({ cpuMs: 10, calls: { 'dynamodb:PutItem': 1, 'sqs:SendMessageBatch': 1 } });
    const scene = aScene({ measured: { functions: { ...functions, ingest } } });
    const seconds = 0.01 / (512 / 1_769) + 2 * 0.006;
    expect(quantityOf(scene, 'ingest, working', 'lambdaGbSecond')).toBeCloseTo(
      MILLION * 0.5 * seconds,
      3,
    );
  });

  it('cost their writes in each region, and their reads in one', () => {
    const processor = aUse({ writeUnits: 4, readUnits: 3 });
    const measured = { functions: { ...functions, processor } };
    const two = aScene({ measured, deployed: { replicas: 2 } });
    expect(dollarsOf(aScene({ measured }), 'DynamoDB, writes')).toBeCloseTo(2.5);
    expect(dollarsOf(two, 'DynamoDB, writes')).toBeCloseTo(5);
    expect(dollarsOf(two, 'DynamoDB, reads')).toBeCloseTo(0.375);
  });

  it('are remembered once for a conversation, however long it was', () => {
    const measured = {
      turnsPerConversation: 5,
      functions: {
        ...functions,
        jobs: aUse({ invocations: 5, writeUnits: 10 }),
        processor: aUse({ invocations: 5, writeUnits: 5 }),
      },
    };
    // Of five turns two units each and one; of ten, half of two.
    const writes = (turns: number) =>
      quantityOf(aScene({ measured, traffic: { turns } }), 'DynamoDB, writes', 'dynamoWriteUnit');
    expect(writes(5)).toBe(3 * MILLION);
    expect(writes(10)).toBe(2 * MILLION);
  });

  it('cost the queues what the functions ask, and a receive and a delete for each batch', () => {
    const ingest = aUse({ sqsFifoRequests: 1, sqsRequests: 3 });
    const polled = [
      { folder: 'processor', isFifo: true, maxConcurrency: 100, batchSize: 10, windowSeconds: 0 },
      { folder: 'events', isFifo: false, maxConcurrency: 10, batchSize: 10, windowSeconds: 0 },
    ];
    const scene = aScene({
      measured: { functions: { ...functions, ingest } },
      deployed: { polled },
    });
    expect(quantityOf(scene, 'SQS', 'sqsFifoRequest')).toBe(3 * MILLION);
    expect(quantityOf(scene, 'SQS', 'sqsRequest')).toBe(5 * MILLION);
  });

  it('are logged with what CloudWatch adds to a line, and kept as long as the stage says', () => {
    const ingest = aUse({ logBytes: 1_000, logLines: 2 });
    const scene = aScene({
      measured: { functions: { ...functions, ingest } },
      deployed: { logDays: 90, accessLogBytes: 174 },
    });
    expect(quantityOf(scene, 'logs', 'functionLogGb')).toBeCloseTo((MILLION * 1_052) / GB);
    expect(quantityOf(scene, 'logs', 'accessLogGb')).toBeCloseTo((MILLION * 200) / GB);
    expect(quantityOf(scene, 'logs', 'logGbMonth')).toBeCloseTo((3 * MILLION * 1_252) / GB);
  });

  it('are kept for 90 days, where the stage wants it recoverable and in backups', () => {
    const measured = { storedBytes: 1_024 };
    const kept = (3 * MILLION * 1_024) / GB;
    const plain = aScene({ measured });
    expect(dollarsOf(plain, 'DynamoDB, kept for 90 days')).toBeCloseTo(kept * 0.25);
    expect(dollarsOf(plain, 'daily backups of it')).toBe(0);
    const backups = { copies: 35, restores: 1 };
    const safe = aScene({ measured, deployed: { pointInTimeRecovery: true, backups } });
    expect(dollarsOf(safe, 'DynamoDB, kept for 90 days')).toBeCloseTo(kept * 0.45);
    expect(dollarsOf(safe, 'daily backups of it')).toBeCloseTo(kept * (35 * 0.1 + 0.15));
  });

  it('cannot be told where a function was not measured', () => {
    const { jobs, ...others } = functions;
    expect(() => usageOf(aScene({ measured: { functions: others } }))).toThrow(
      'Nothing was measured of jobs: npm run cost:measure',
    );
  });
});

it('keeps nearly every trace of little traffic, and a twentieth of much', () => {
  const traces = (conversationsADay: number) =>
    firstTraces(aScene({ traffic: { conversationsADay } }))[0]?.quantity ?? 0;
  // Four functions, a message each.
  expect(traces(1_000)).toBeCloseTo(4 * 30_000 * 0.95);
  expect(traces(10_000_000)).toBeCloseTo(4 * 2_592_000 * 0.95);
});

describe('a month without a message', () => {
  it('costs what is there', () => {
    const deployed = {
      alarmMetrics: 10,
      compositeAlarms: 2,
      dashboards: 1,
      keys: 3,
      secrets: 1,
    };
    const { parts } = billOf(standingOf(aScene({ deployed, measured: { metrics: ['a', 'b'] } })));
    expect(Object.fromEntries(parts.map(({ part, dollars }) => [part, dollars]))).toEqual({
      'alarms and dashboards': 5,
      'metrics of our own': 0.6,
      keys: 3,
      "the stage's secrets": 0.4,
    });
  });

  it('costs what a clock starts: as measured, and a canary’s run like a message', () => {
    const sweeper = aUse({ invocations: 2, readUnits: 8 });
    const scene = aScene({
      measured: { functions: { ...functions, sweeper } },
      deployed: {
        schedules: [
          { folder: 'sweeper', runs: 100 },
          { folder: 'canary', runs: 10 },
        ],
      },
    });
    const lines = standingOf(scene);
    const of = (part: string, unit: string) =>
      lines
        .filter((line) => line.part === part && line.unit === unit)
        .reduce((sum, { quantity }) => sum + quantity, 0);
    expect(of('sweeper, by the clock', 'dynamoReadUnit')).toBe(400);
    expect(of('canary, by the clock', 'httpApiRequest')).toBe(10);
    // Not measured: as long as it may, beside what its message makes the others do.
    expect(of('canary, by the clock', 'lambdaGbSecond')).toBeGreaterThan(10 * 0.5 * 60);
  });
});

it('reads tenants’ secrets no more often than messages come, nor than a process forgets', () => {
  const reads = (traffic: object) =>
    secretLines(aScene({ traffic })).managed.find(({ unit }) => unit === 'secretRead')?.quantity;
  expect(reads({ conversationsADay: 10, tenants: 1_000 })).toBe(300);
  expect(reads({ conversationsADay: 10_000_000, tenants: 1 })).toBe(100 * 8_640);
});
