import { hash } from 'node:crypto';
import type { Ring } from '#app/ports/queues.ts';
import { chatKey } from '#domain/ids.ts';
import { writeRingBody } from './ring-body.ts';
import type { OutgoingEntry } from './send-messages.ts';

/**
 * A ring for a FIFO queue. The group is the chat, hashed since a group id takes 128 characters. What
 * makes two rings the same within five minutes is the caller's to say.
 */
export function ringEntry(ring: Ring, sameness: string): OutgoingEntry {
  return {
    MessageBody: writeRingBody(ring),
    MessageGroupId: sha256(chatKey(ring.chat)),
    MessageDeduplicationId: sha256(sameness),
  };
}

function sha256(text: string): string {
  return hash('sha256', text);
}
