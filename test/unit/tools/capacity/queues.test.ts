import { describe, expect, it } from 'vitest';
import { ChatQueue } from '../../../../tools/capacity/chat-queue.ts';
import { sliceOf, withProcessors } from '../../../../tools/capacity/deployment.ts';
import { runOutage } from '../../../../tools/capacity/outage.ts';
import { Service } from '../../../../tools/capacity/service.ts';
import { runSteady } from '../../../../tools/capacity/steady.ts';
import { aDeployment, aScenario } from './small.ts';

const scenario = aScenario();
const some = (processors: number, batchSize: number) =>
  withProcessors(
    aDeployment({ processor: { maxConcurrency: 0, batchSize, windowSeconds: 0 } }),
    processors,
  );

describe('messages at once', () => {
  // By hand: a hundred chats, five places, four seconds each; the first five come alone.
  it.each([
    [1, [5, 10, 15, 20]],
    [10, [5, 55, 100, 100]],
  ])('are worked off in rounds, %i to a batch', (batchSize, done) => {
    const service = new Service({ ...scenario, deployment: some(5, batchSize), coldSeconds: 0 });
    const { timeline, book } = service.world;
    book.isOpen = true;
    for (let nth = 0; nth < 100; nth += 1) service.customers.writeFirst(4);
    const rounds = done.map((_, round) => {
      timeline.runUntil(4 * round + 4.5);
      return book.answered;
    });
    expect(rounds).toEqual(done);
  });

  it('find as few batches at once as an event source begins with, and more each second', () => {
    const deployment = { ...some(1_000, 1), pollersAtFirst: 5, pollersASecond: 5 };
    const service = new Service({ ...scenario, deployment, coldSeconds: 0 });
    const { timeline } = service.world;
    for (let nth = 0; nth < 500; nth += 1) service.customers.writeFirst(1);
    timeline.runUntil(0.1);
    expect(service.poller.busy).toBe(5);
    timeline.runUntil(10.5);
    expect(service.poller.busy).toBeGreaterThan(40);
    expect(service.poller.busy).toBeLessThan(60);
  });
});

it('has as many at work as come in the time of a turn: Little’s law', () => {
  const { processorsAtOnce, answers, answeredASecond } = runSteady(
    { ...scenario, deployment: some(200, 1) },
    20,
    { warmSeconds: 30, seconds: 300 },
  );
  expect(processorsAtOnce / (answeredASecond * answers.mean)).toBeCloseTo(1, 1);
});

it('shares a place among the chats of a batch, but not what they compute', () => {
  const work = { ...scenario.work, turn: { cpuSeconds: 0.5, callSeconds: 0 } };
  const service = new Service({ ...scenario, work, deployment: some(2, 10), coldSeconds: 0 });
  const { timeline, book } = service.world;
  book.isOpen = true;
  for (let nth = 0; nth < 11; nth += 1) service.customers.writeFirst(4);
  timeline.runUntil(60);
  // Two have a place each. Then nine share one: the last one's half of its work is done after nine halves.
  expect(book.answers.filter((seconds) => seconds < 4.6)).toHaveLength(2);
  expect(Math.max(...book.answers)).toBeCloseTo(4.5 + 9 * 0.25 + 4 + 0.25);
});

describe('the chat queue', () => {
  const chat = () => ({ rings: 0, isLocked: false, isReady: false, readyAt: 0 });

  it('gives a chat one worker at a time, and its next rings when that has ended', () => {
    const queue = new ChatQueue(100, { now: 0 }, () => undefined);
    const [one, other] = [chat(), chat()];
    queue.ring(one);
    queue.ring(other);
    const [first] = queue.receive(1);
    queue.ring(one);
    expect(queue.receive(10).map((each) => each.chat)).toEqual([other]);
    expect(queue.waiting).toBe(0);
    if (first) queue.done(first);
    expect(queue.receive(10)).toEqual([{ chat: one, rings: 1 }]);
  });

  it('gives nothing while too many are in flight, and those that are put off are', () => {
    const queue = new ChatQueue(2, { now: 0 }, () => undefined);
    const chats = [chat(), chat(), chat()];
    for (const each of chats) queue.ring(each);
    const [first] = queue.receive(2);
    expect(queue.receive(1)).toEqual([]);
    expect(queue.stalls).toBe(1);
    if (first) queue.reappear(first);
    expect(queue.receive(1)).toHaveLength(1);
  });
});

describe('an outage', () => {
  const outage = (kind: 'model' | 'processor', over = {}) =>
    runOutage({ ...some(100, 10), ...over }, scenario, {
      kind,
      messagesASecond: 10,
      seconds: 1_200,
      parts: 1,
    });

  it('of the processor leaves all that came, and is drained by the fallback text', () => {
    const { backlog, drainSeconds = Number.NaN, lateShare } = outage('processor');
    expect(backlog).toBeGreaterThan(11_500);
    expect(backlog).toBeLessThan(12_500);
    expect(lateShare).toBeGreaterThan(0.7);
    expect(drainSeconds).toBeLessThan(300);
  });

  it('of the model leaves what came within the answer deadline', () => {
    const { backlog, mostInFlight, stalls } = outage('model');
    expect(backlog).toBeLessThanOrEqual(10 * 180 * 1.1);
    expect(mostInFlight).toBeGreaterThan(500);
    expect(stalls).toBe(0);
  });

  it('of the model stalls a queue that lets too few be in flight', () => {
    expect(outage('model', { inFlight: 500 }).stalls).toBeGreaterThan(0);
  });
});

it('is the same for the same seed, and another for another', () => {
  const run = (seed: number) =>
    runSteady({ ...scenario, seed, deployment: some(20, 10) }, 10, {
      warmSeconds: 10,
      seconds: 60,
    });
  expect(run(1)).toEqual(run(1));
  expect(run(1)).not.toEqual(run(2));
});

it('answers as much of a slice as of the whole, by its part', () => {
  const whole = some(200, 10);
  const over = 1.5 * (2_000 / 4);
  const span = { warmSeconds: 60, seconds: 120 };
  const all = runSteady({ ...scenario, deployment: whole }, over, span);
  const part = runSteady({ ...scenario, deployment: sliceOf(whole, 10) }, over / 10, span);
  expect((part.answeredASecond * 10) / all.answeredASecond).toBeCloseTo(1, 1);
});
