import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { ReceivedMessage } from '#local/sqs/message.ts';
import { newModel } from '#test/support/sqs-door.ts';

const QUEUE = 'q.fifo';

const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('send'), group: fc.nat({ max: 3 }) }) },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('receive'), limit: fc.integer({ min: 1, max: 10 }) }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('delete'), pick: fc.nat() }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('hide'),
      pick: fc.nat(),
      seconds: fc.nat({ max: 40 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('wait'), seconds: fc.nat({ max: 40 }) }) },
);

/** Whatever is done to a queue, against the plainest possible list of what is in it. */
it('a FIFO queue keeps each group in order, locked while held, and loses nothing', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
      const { clock, sqs } = newModel();
      sqs.createQueue(QUEUE, { FifoQueue: 'true', VisibilityTimeout: '30' });
      const groups = new Map<string, { id: string; heldUntilMs: number }[]>();
      const received: { message: ReceivedMessage; entry: { id: string; heldUntilMs: number } }[] =
        [];
      let sent = 0;

      for (const each of steps) {
        const now = clock.now();
        if (each.kind === 'send' && 'group' in each) {
          sent += 1;
          const groupId = `g${each.group}`;
          const { messageId } = sqs.sendMessage(QUEUE, {
            body: 'x',
            groupId,
            deduplicationId: String(sent),
          });
          const list = groups.get(groupId) ?? [];
          groups.set(groupId, [...list, { id: messageId, heldUntilMs: 0 }]);
        } else if (each.kind === 'receive' && 'limit' in each) {
          const free = [...groups.values()].filter(
            (list) => list.length > 0 && list.every(({ heldUntilMs }) => heldUntilMs <= now),
          );
          const available = free.reduce((sum, list) => sum + list.length, 0);
          const messages = sqs.receiveMessages(QUEUE, { maxMessages: each.limit });
          expect(messages).toHaveLength(Math.min(each.limit, available));
          for (const [groupId, list] of groups) {
            const ofGroup = messages.filter((message) => message.groupId === groupId);
            if (ofGroup.length > 0) expect(free).toContain(list);
            ofGroup.forEach((message, index) => {
              const entry = list[index];
              expect(message.messageId).toBe(entry?.id);
              if (!entry) return;
              entry.heldUntilMs = now + 30_000;
              received.push({ message, entry });
            });
          }
        } else if (each.kind === 'wait' && 'seconds' in each) {
          clock.advanceBy(each.seconds * 1000);
        } else if ('pick' in each && received.length > 0) {
          const [held] = received.splice(each.pick % received.length, 1);
          if (!held) continue;
          const { message, entry } = held;
          const current = !received.some(
            (other) => other.entry === entry && other.message.receiveCount > message.receiveCount,
          );
          if (entry.heldUntilMs <= now || !current) {
            expect(() => sqs.deleteMessage(QUEUE, message.receiptHandle)).toThrow('expired');
          } else if (each.kind === 'hide' && 'seconds' in each) {
            sqs.changeMessageVisibility(QUEUE, message.receiptHandle, each.seconds);
            entry.heldUntilMs = now + each.seconds * 1000;
            received.push(held);
          } else {
            sqs.deleteMessage(QUEUE, message.receiptHandle);
            const groupId = message.groupId ?? '';
            groups.set(
              groupId,
              (groups.get(groupId) ?? []).filter((other) => other !== entry),
            );
          }
        }
        const left = [...groups.values()].reduce((sum, list) => sum + list.length, 0);
        expect(sqs.peek(QUEUE)).toHaveLength(left);
      }
    }),
    { numRuns: 300 },
  );
});
