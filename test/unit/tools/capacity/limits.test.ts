import { describe, expect, it } from 'vitest';
import { ceilingsOf } from '../../../../tools/capacity/ceilings.ts';
import { type Deployment, withProcessors } from '../../../../tools/capacity/deployment.ts';
import { holdOf } from '../../../../tools/capacity/hold.ts';
import type { PartName } from '../../../../tools/capacity/pressure.ts';
import { runSteady } from '../../../../tools/capacity/steady.ts';
import { aDeployment, aScenario } from './small.ts';

const scenario = aScenario();
const few = (maxConcurrency: number, batchSize: number) => ({
  maxConcurrency,
  batchSize,
  windowSeconds: 0,
});

/** Each takes one thing away, so that it does this many messages a second. */
const SCARCE: readonly (readonly [PartName, Partial<Deployment>, number])[] = [
  ['API', { apiRequests: 80, apiBurst: 80 }, 20],
  ['chat queue', { fifoCalls: 20 }, 20],
  ['conversations table', { tableWrites: 200 }, 20],
  ['index of unfinished', { unfinishedWrites: 5 }, 20],
  ['ledger', { partitionWrites: 6 }, 20],
  ['model’s requests', { modelRequestsAMinute: 20 * 60 * 1.2 }, 20],
  ['model’s tokens', { modelTokensAMinute: 20 * 60_000 }, 20],
  ['turns of a tenant', { tenantTurnsAMinute: 2 * 60 }, 20],
  ['numbers', { numberMessages: 4 }, 20],
];

describe.each(SCARCE)('the limit of %s', (part, over, messagesASecond) => {
  const deployment = aDeployment(over);
  const rates = { work: scenario.work, peers: scenario.peers };

  it('is what the closed form says', () => {
    const found = ceilingsOf(deployment, rates).find((each) => each.part === part);
    expect(found?.messagesASecond).toBeCloseTo(messagesASecond);
  });

  it('holds less than that, and is the first to be full beyond it', () => {
    expect(runSteady({ ...scenario, deployment }, 0.6 * messagesASecond).isHeld).toBe(true);
    const beyond = runSteady({ ...scenario, deployment }, 1.5 * messagesASecond);
    expect(beyond.isHeld).toBe(false);
    expect(beyond.pressures.filter(({ share, refused }) => share > 0.9 || refused > 0)).toEqual([
      expect.objectContaining({ part }),
    ]);
  });
});

it('ends where the processors end: so many places by the time of a turn', () => {
  const deployment = withProcessors(aDeployment({ processor: few(0, 1) }), 40);
  const { messagesASecond, first } = holdOf({ ...deployment, numbers: 1_000 }, scenario);
  expect(first).toBe('processor');
  // Forty places of four seconds.
  expect(messagesASecond).toBeGreaterThan(8.5);
  expect(messagesASecond).toBeLessThan(10.5);
});

it('has nothing left for ingest where events and jobs may take the account’s places', () => {
  const deployment = aDeployment({ concurrency: 110, reserved: 100, jobs: few(10, 1) });
  const slow = { ...scenario, peers: { ...scenario.peers, memorySeconds: 60 } };
  const crowded = runSteady({ ...slow, deployment }, 10);
  expect(crowded.isHeld).toBe(false);
  expect(crowded.pressures.find(({ part }) => part === 'other functions')?.refused).toBeGreaterThan(
    0.1,
  );
  const roomy = { ...deployment, concurrency: 130 };
  expect(runSteady({ ...slow, deployment: roomy }, 10).isHeld).toBe(true);
});

it('does events and jobs as they come, or not, and no customer waits for them', () => {
  const work = { ...scenario.work, status: { cpuSeconds: 0.1, callSeconds: 0 } };
  // Two places: twenty statuses a second, six messages.
  const deployment = aDeployment({ events: few(2, 10) });
  const held = runSteady({ ...scenario, work, deployment }, 4);
  expect([held.isHeld, held.isBackgroundHeld]).toEqual([true, true]);
  const beyond = runSteady({ ...scenario, work, deployment }, 12);
  expect([beyond.isHeld, beyond.isBackgroundHeld]).toEqual([true, false]);
});

it('waits for a batch to fill only where it is not full', () => {
  const work = { ...scenario.work, status: { cpuSeconds: 0.01, callSeconds: 0 } };
  // A place does a batch of fifty in half a second, and so a hundred a second; sixty come.
  const deployment = aDeployment({
    events: { maxConcurrency: 1, batchSize: 50, windowSeconds: 1 },
  });
  expect(runSteady({ ...scenario, work, deployment }, 20).isBackgroundHeld).toBe(true);
});

it('starts environments no faster than Lambda does', () => {
  const deployment = aDeployment({ newEnvironmentsASecond: 0.1, newEnvironmentsAtOnce: 8 });
  const slow = runSteady({ ...scenario, deployment }, 20, { warmSeconds: 0, seconds: 60 });
  const fast = runSteady({ ...scenario, deployment: aDeployment() }, 20, {
    warmSeconds: 0,
    seconds: 60,
  });
  expect(slow.answeredASecond).toBeLessThan(0.5 * fast.answeredASecond);
});
