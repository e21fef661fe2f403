import { expect, test } from 'vitest';
import { type Delivery, deliveryState } from '#domain/conversation/delivery.ts';
import type { StoredOutbound } from '#domain/conversation/message.ts';
import { parseTurnId } from '#domain/ids.ts';
import { present } from '#test/support/builders.ts';

const BUBBLE: StoredOutbound = {
  direction: 'out',
  key: '1790400010123#turn-0.0',
  turnId: present(parseTurnId('1790400010123.0')),
  part: 0,
  text: 'Two left.',
  wamid: 'wamid.OUT',
  refusedCode: undefined,
  followUp: undefined,
  sends: 1,
  copies: 1,
};

const NOTHING: Delivery = {
  sentAtMs: undefined,
  deliveredAtMs: undefined,
  readAtMs: undefined,
  playedAtMs: undefined,
  failedAtMs: undefined,
  failedCode: undefined,
  otherStatuses: [],
  pricing: undefined,
};

test.each<[string, Partial<StoredOutbound>, Partial<Delivery>]>([
  ['unknown', { wamid: undefined }, {}],
  ['accepted', {}, {}],
  ['sent', {}, { sentAtMs: 1 }],
  ['delivered', {}, { sentAtMs: 1, deliveredAtMs: 2 }],
  ['read', {}, { readAtMs: 3 }],
  ['played', {}, { readAtMs: 3, playedAtMs: 4 }],
  ['failed 131026', {}, { sentAtMs: 1, failedAtMs: 2, failedCode: 131_026 }],
  ['failed without a code', {}, { failedAtMs: 2 }],
  // One copy of it failed, the customer has another.
  ['delivered', {}, { failedAtMs: 2, failedCode: 131_026, deliveredAtMs: 3 }],
  ['refused graph:131047', { refusedCode: 'graph:131047', wamid: undefined }, {}],
])('is %s', (state, bubble, delivery) => {
  expect(deliveryState({ ...BUBBLE, ...bubble }, { ...NOTHING, ...delivery })).toBe(state);
});
