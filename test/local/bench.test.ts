import { afterAll, beforeAll, expect, it } from 'vitest';
import { coldSubjects } from '../../load/bench/cold/cold-subjects.ts';
import type { Subject } from '../../load/bench/cold/measure-cold.ts';
import { FunctionProcess } from '../../load/bench/function/function-process.ts';
import { BOOTSTRAP, openScene } from '../../load/bench/scene.ts';

/** What a benchmark compares does the same work: otherwise its ratio says nothing. */
let scene: Awaited<ReturnType<typeof openScene>>;
let subjects: readonly Subject[];

beforeAll(async () => {
  scene = await openScene(BOOTSTRAP);
  subjects = await coldSubjects(scene, 1);
});

afterAll(() => scene?.close());

/** The calls of the first invocation, and those of the second. */
async function callsOf(name: string) {
  const subject = subjects.find((each) => each.name === name);
  if (!subject?.event) throw new Error(`There is no ${name} that takes events`);
  const { standIns, runtime } = scene;
  const { definition, event } = subject;
  const running = await FunctionProcess.start({ definition, peersUrl: standIns.url, runtime });
  try {
    const both = [];
    for (const payload of [event, event]) {
      const given = await payload();
      await standIns.takeCalls();
      const { cpuMs } = await running.invoke(given);
      expect(cpuMs).toBeGreaterThan(0);
      const told = Object.entries(await standIns.takeCalls());
      // Beside each number of calls stand the time and the bytes of a service's calls.
      both.push(Object.fromEntries(told.filter(([what]) => !/ (?:ms|bytes)$/.test(what))));
    }
    return both;
  } finally {
    await running.stop();
  }
}

const SECRETS = { 'Secrets GetSecretValue': 1 };
const WEBHOOK = { 'DynamoDB PutItem': 1, 'SQS SendMessageBatch': 1 };

it('has ingest and its floor make the same calls', async () => {
  const wanted = [{ ...WEBHOOK, ...SECRETS }, WEBHOOK];
  expect(await callsOf('ingest')).toEqual(wanted);
  expect(await callsOf('ingest floor')).toEqual(wanted);
});

it('has the processor’s floor keep the budget of a turn', async () => {
  const [, warm] = await callsOf('processor floor, 1 chat');
  expect(warm).toEqual({
    'DynamoDB Query': 3,
    'DynamoDB UpdateItem': 4,
    'DynamoDB PutItem': 1,
    'Model responses': 1,
    'Graph messages': 2,
    'SQS DeleteMessageBatch': 1,
  });
});

it.each([
  ['processor, 1 chat', 1],
  ['processor, 10 chats', 10],
])('has the %s answered, each chat once', async (name, chats) => {
  const [first] = await callsOf(name);
  expect(first).toMatchObject({ 'Model responses': chats, 'Graph messages': 2 * chats });
});

it.each(['events', 'jobs', 'business', 'health', 'sweeper'])(
  'has %s ask the table or a queue',
  async (name) => {
    const [first] = await callsOf(name);
    expect(Object.keys(first ?? {}).join()).toMatch(/DynamoDB|SQS/);
  },
);
