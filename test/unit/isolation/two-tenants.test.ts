import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startDynamoEngine } from '#local/dynamodb/start-dynamo-engine.ts';
import { startLoopbackPeer } from '#test/support/loopback-peer.ts';
import { LOG_FIELDS } from './log-fields.ts';
import { SABOTAGES } from './sabotages.ts';
import { aPlan, type Plan } from './steps.ts';
import { type Engines, runPlan } from './two-tenant-world.ts';

let engines: Engines;
beforeAll(async () => {
  const dynamodb = await startDynamoEngine({
    clock: { now: Date.now, schedule: () => () => {} },
    region: 'eu-central-1',
    accountId: '000000000000',
  });
  engines = { dynamodb, peer: await startLoopbackPeer() };
});
afterAll(async () => {
  await engines.peer.close();
  await engines.dynamodb.close();
});

/** A plan in which none of it takes place proves nothing of it. */
const MUST_HAPPEN = [
  'prompt 0',
  'prompt 1',
  'send 0',
  'send 1',
  'file 0',
  'file 1',
  'put file 0',
  'put file 1',
  'get file 0',
  'get file 1',
  'report own',
  'report other',
  'report made-up',
  'token refused',
  'trouble graph',
  'trouble model',
  'trouble table',
  'line chat_handed',
  'line chat_moved',
  'line command_finished',
  'line echoes_taken',
  'line event_kept',
  'line event_malformed',
  'line message_rung_again',
  'line memory_kept',
  'line message_arrived',
  'line model_called',
  'line bubble_sent',
  'line messages_parked',
  'memory 0',
  'memory 1',
  'line status_merged',
  'line status_of_unknown_message',
  'line turn_closed',
  'notice 0',
  'notice 1',
  'webhook 0',
  'webhook 1',
  'announcement',
  'door own 202',
  'door own 200',
  'door other 404',
];

/** Runs plans against the process. @returns all that was seen, and the fields of all lines */
async function runPlans(parameters: fc.Parameters<[Plan]>) {
  const total = new Map<string, number>();
  const fields = new Set<string>();
  await fc.assert(
    fc.asyncProperty(aPlan, async (plan) => {
      const { breaches, seen, fieldNames } = await runPlan(plan, engines);
      for (const [what, times] of seen) total.set(what, (total.get(what) ?? 0) + times);
      for (const name of fieldNames) fields.add(name);
      expect(breaches).toEqual([]);
    }),
    parameters,
  );
  return { total, fields };
}

test('nothing of one tenant is read, asked, said, logged or counted in the work of the other', async () => {
  const { total, fields } = await runPlans({ numRuns: 40, seed: 1 });
  expect(MUST_HAPPEN.filter((what) => !total.get(what))).toEqual([]);
  expect([...fields].filter((name) => !LOG_FIELDS.has(name))).toEqual([]);
}, 120_000);

test('nor with plans that nobody has seen before', async () => {
  await runPlans({ numRuns: 15 });
}, 120_000);

test.each(SABOTAGES)(
  'it is noticed when $name',
  async ({ sabotage, notices }) => {
    let isNoticed = false;
    const property = fc.asyncProperty(aPlan, async (plan) => {
      const { breaches } = await runPlan(plan, engines, sabotage);
      isNoticed ||= breaches.some((breach) => notices.test(breach));
      return !isNoticed;
    });
    await fc.check(property, { numRuns: 60, seed: 4, endOnFailure: true });
    expect(isNoticed).toBe(true);
  },
  120_000,
);
