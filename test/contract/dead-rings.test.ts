import { afterAll, beforeAll, expect, test } from 'vitest';
import { SqsDeadRings } from '#adapters/sqs/sqs-dead-rings.ts';
import { SqsRingBox } from '#adapters/sqs/sqs-ring-box.ts';
import type { Ring } from '#app/ports/queues.ts';
import { walkDeadRings } from '#app/walk-dead-rings.ts';
import { startFrontDoor } from '#test/support/aws-front-door.ts';
import { aChat, aParking } from '#test/support/builders.ts';
import { RecordingLog } from '#test/support/recorders.ts';

let aws: Awaited<ReturnType<typeof startFrontDoor>>;
let box: SqsDeadRings;
let ringBox: SqsRingBox;

beforeAll(async () => {
  aws = await startFrontDoor();
  aws.sqs.createQueue('dead.fifo', { FifoQueue: 'true' });
  const client = aws.asOperator().sqs;
  const queueUrl = aws.queueUrl.replace('jobs', 'dead.fifo');
  const deps = { client, random: { next: () => 0 }, log: new RecordingLog() };
  box = new SqsDeadRings({ client, queueUrl });
  ringBox = new SqsRingBox({ ...deps, queueUrl, deadLetterQueueUrl: queueUrl });
});
afterAll(() => aws.close());

function rings(contact: string, count: number): readonly Ring[] {
  return Array.from({ length: count }, (_, index) => ({
    chat: aChat(contact),
    messageKey: `1790400000000#wamid.${contact}.${index}`,
    number: 0,
    correlationId: 'request-1',
  }));
}

test('looks through a queue in which a chat has more rings than one receive gives', async () => {
  const [few, many] = [rings('34600111333', 3), rings('34600111222', 25)];
  for (const each of [few, many]) await ringBox.deadLetter(each, aParking('token'), 'once');
  aws.sqs.sendMessage('dead.fifo', { body: '{}', groupId: 'g', deduplicationId: 'd' });
  const seen: (Ring | 'malformed')[] = [];

  await walkDeadRings(box, async (received) => {
    const going = received.filter(({ ring }) => many.some((each) => isSame(each, ring)));
    expect(going.every(({ isParked }) => isParked)).toBe(true);
    seen.push(...received.map(({ ring }) => ring));
    return going;
  });

  expect(seen.filter((ring) => ring === 'malformed')).toHaveLength(1);
  for (const ring of [...few, ...many]) expect(seen).toContainEqual(ring);
  const left = aws.sqs.peek('dead.fifo');
  expect(left).toHaveLength(4);
  expect(left.map(({ state }) => state)).toEqual(Array(4).fill('available'));
});

function isSame(one: Ring, other: Ring | 'malformed'): boolean {
  return other !== 'malformed' && one.messageKey === other.messageKey;
}
