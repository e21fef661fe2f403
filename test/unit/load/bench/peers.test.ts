import { expect, it } from 'vitest';
import { verdictOf } from '../../../../load/bench/peers/correctness.ts';
import { probes } from '../../../../load/bench/peers/probes.ts';
import { createReceiver } from '../../../../load/bench/peers/receivers/ours.mjs';
import { APP_SECRET } from '../../../../local/demo.ts';

it.each(probes())('ours gets right: $name', (probe) => {
  const receiver = createReceiver(APP_SECRET);
  const received = receiver.receive(probe.body, probe.signature);
  const outcome = received === undefined ? { refused: true as const } : receiver.found(received);
  expect(verdictOf(probe, outcome)).toEqual({ isRight: true, says: 'right' });
});

it.each(probes())('nothing found is no right answer to: $name', (probe) => {
  const { isRight } = verdictOf(probe, { messages: [], statuses: [] });
  expect(isRight).toBe(probe.name.startsWith('no `entry`'));
});

it('misses a message of which only the number is wrong', () => {
  const probe = probes().find(({ wanted }) => wanted !== 'refused' && wanted.messages.length === 2);
  if (!probe || probe.wanted === 'refused') throw new Error('No webhook of two messages');
  const [first, second] = probe.wanted.messages;
  const moved = { messages: [first, { id: second?.id, phoneNumberId: first?.phoneNumberId }] };
  const outcome = {
    ...probe.wanted,
    messages: moved.messages.filter((each) => each !== undefined),
  };
  expect(verdictOf(probe, outcome)).toEqual({ isRight: false, says: 'number of 1 of 2' });
});
