import { DEMO_BUSINESSES } from '../../../local/demo.ts';
import { BenchError } from '../function/bench-error.ts';
import { FunctionProcess } from '../function/function-process.ts';
import { functionOf } from '../function/start-function.ts';
import type { Scene } from '../scene.ts';
import { gatewayEvent } from '../stand-ins/gateway-event.ts';
import {
  BAKERY,
  customer,
  statusWebhook,
  usualWebhook,
  webhookEvent,
} from '../stand-ins/webhooks.ts';
import { checkTurns, type Turned } from '../turn/turn-calls.ts';
import type { Subject } from './measure-cold.ts';

/** Who writes to whom: the floors write heads of their own form, and so have chats of their own. */
const OURS = { one: [1], ten: numbers(11, 10) };
const FLOORS = { one: [101], ten: numbers(111, 10) };
const OF_INGEST = 1_001;
const OF_EVENTS = 1_002;

/** As many messages as a turn reads, so that no round costs more than the one before. */
const EARLIER_TURNS = 16;

function numbers(from: number, count: number): readonly number[] {
  return Array.from({ length: count }, (_, nth) => from + nth);
}

/**
 * Every function of the stage, the floors of two, and the empty one.
 * @param earlierTurns how many each chat has had before
 */
export async function coldSubjects(
  scene: Scene,
  earlierTurns = EARLIER_TURNS,
): Promise<readonly Subject[]> {
  const { standIns, floors } = scene;
  const ingest = functionOf(scene, 'ingest');
  const processor = functionOf(scene, 'processor');
  await haveConversations(scene, earlierTurns);
  const webhook = async () => webhookEvent(usualWebhook(customer(OF_INGEST)));
  const rings = (customers: readonly number[]) => ({
    event: async () => {
      await standIns.takeCalls();
      return standIns.ring(customers);
    },
    check: async (first: Turned) => checkTurns(await standIns.takeCalls(), customers.length, first),
  });
  const floor = floors.in(processor, 'processor');
  return [
    { name: 'empty handler', definition: floors.in(ingest, 'empty'), event: async () => '{}' },
    {
      name: 'ingest floor',
      definition: floors.in(ingest, 'ingest'),
      event: webhook,
      check: checkAnswer,
    },
    {
      name: 'ingest floor, no facades',
      definition: floors.barestIn(ingest, 'ingest'),
      event: webhook,
      check: checkAnswer,
    },
    { name: 'ingest', definition: ingest, event: webhook, check: checkAnswer },
    { name: 'processor floor, 1 chat', definition: floor, ...rings(FLOORS.one) },
    {
      name: 'processor floor, 1 chat, no facades',
      definition: floors.barestIn(processor, 'processor'),
      ...rings(FLOORS.one),
    },
    { name: 'processor, 1 chat', definition: processor, ...rings(OURS.one) },
    { name: 'processor floor, 10 chats', definition: floor, ...rings(FLOORS.ten) },
    { name: 'processor, 10 chats', definition: processor, ...rings(OURS.ten) },
    ...otherSubjects(scene),
  ];
}

/** What no customer waits for, each with its usual event; the canary would wait for a turn, and is loaded only. */
function otherSubjects(scene: Scene): readonly Subject[] {
  const { standIns } = scene;
  const of = (name: string) => ({ name, definition: functionOf(scene, name) });
  const lying = (variable: string, limit: number) => {
    const url = functionOf(scene, 'ingest').variables[variable] ?? '';
    return () => standIns.lying(url, limit);
  };
  const jobs = functionOf(scene, 'processor').variables['JOBS_QUEUE_URL'] ?? '';
  return [
    { ...of('events'), event: lying('EVENTS_QUEUE_URL', 10) },
    { ...of('jobs'), event: () => standIns.lying(jobs, 1) },
    { ...of('business'), event: async () => listOfChats(), check: checkAnswer },
    { ...of('health'), event: async () => gatewayEvent({ method: 'GET', path: '/readyz' }) },
    { ...of('sweeper'), event: async () => '{}' },
    of('canary'),
  ];
}

/** So that chats have a head and a history, and the queues behind have something in them. */
async function haveConversations(scene: Scene, turns: number): Promise<void> {
  const { standIns, floors, runtime } = scene;
  const peersUrl = standIns.url;
  const [ingest, processor] = [functionOf(scene, 'ingest'), functionOf(scene, 'processor')];
  const door = await FunctionProcess.start({ definition: ingest, peersUrl, runtime });
  await door.invoke(webhookEvent(statusWebhook(customer(OF_EVENTS), 10)));
  await door.stop();
  for (const [definition, { one, ten }] of [
    [processor, OURS],
    [floors.in(processor, 'processor'), FLOORS],
  ] as const) {
    const worker = await FunctionProcess.start({ definition, peersUrl, runtime });
    for (let turn = 0; turn < turns; turn += 1) {
      for (const customers of [one, ten]) await worker.invoke(await standIns.ring(customers));
    }
    await worker.stop();
  }
}

async function checkAnswer({ result }: Turned): Promise<void> {
  const answer: { readonly statusCode?: number } = JSON.parse(result);
  if (answer.statusCode === 200) return;
  throw new BenchError(`The request should have been answered with 200: ${result}`);
}

function listOfChats(): string {
  const [business] = DEMO_BUSINESSES;
  const userArn = business?.tenant.api.callers[0] ?? '';
  const iam = { accessKey: '', accountId: '', callerId: '', userId: '', userArn };
  return gatewayEvent({
    method: 'GET',
    path: '/chats',
    rawQuery: `number=${BAKERY.phoneNumberId}`,
    iam: { ...iam, cognitoIdentity: null, principalOrgId: '' },
  });
}
