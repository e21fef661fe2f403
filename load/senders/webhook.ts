import { writeCallbackData } from '../../src/domain/conversation/callback-data.ts';
import { parseContactId, parsePhoneNumberId, parseTurnId } from '../../src/domain/ids.ts';

/** Somebody who writes to a number, and exists nowhere else. */
export interface Customer {
  readonly phoneNumberId: string;
  readonly userId: string;
}

/** What a customer writes. Its token is in the text and comes back in what answers it. */
export interface Written {
  readonly customer: Customer;
  readonly token: string;
}

/** Finds the tokens of messages in a text that answers them. */
export const TOKEN = /\bload-[0-9a-f]+-\d+\b/g;

export function tokenOf(run: string, number: number): string {
  return `load-${run}-${number}`;
}

/** As Meta sends them: one entry, and a change for each number. */
export function webhookOf(
  written: readonly Written[],
  statuses: readonly Customer[],
  nowMs: number,
): string {
  const numbers = new Set(
    [...written.map(({ customer }) => customer), ...statuses].map((each) => each.phoneNumberId),
  );
  const changes = [...numbers].map((number) => ({
    field: 'messages',
    value: {
      messaging_product: 'whatsapp',
      metadata: { display_phone_number: '0', phone_number_id: number },
      ...messagesTo(number, written, nowMs),
      ...statusesOf(number, statuses, nowMs),
    },
  }));
  return JSON.stringify({
    object: 'whatsapp_business_account',
    entry: [{ id: '0', changes }],
  });
}

function messagesTo(number: string, written: readonly Written[], nowMs: number): object {
  const here = written.filter(({ customer }) => customer.phoneNumberId === number);
  if (here.length === 0) return {};
  return {
    contacts: here.map(({ customer }) => ({
      profile: { name: 'Load' },
      user_id: customer.userId,
    })),
    messages: here.map(({ customer, token }) => ({
      from_user_id: customer.userId,
      id: `wamid.${token}`,
      timestamp: seconds(nowMs),
      type: 'text',
      // A question, after which nobody waits whether more comes.
      text: { body: `${token}: does this service work?` },
    })),
  };
}

function statusesOf(number: string, statuses: readonly Customer[], nowMs: number): object {
  const here = statuses.filter(({ phoneNumberId }) => phoneNumberId === number);
  if (here.length === 0) return {};
  return { statuses: here.map((customer, nth) => statusOf(customer, nth, nowMs)) };
}

/** Of a bubble that its customer might have had: so it is looked for, and not found or written down. */
function statusOf({ phoneNumberId, userId }: Customer, nth: number, nowMs: number) {
  const [number, contact] = [parsePhoneNumberId(phoneNumberId), parseContactId(userId)];
  const turnId = parseTurnId(`${nowMs}.1`);
  if (!number || !contact || !turnId) throw new RangeError(`${userId} cannot have had a bubble`);
  return {
    id: `wamid.${userId}.${nowMs}.${nth}`,
    status: 'read',
    timestamp: seconds(nowMs),
    recipient_user_id: userId,
    biz_opaque_callback_data: writeCallbackData({
      chat: { phoneNumberId: number, contact },
      turnId,
      part: 0,
    }),
  };
}

function seconds(ms: number): string {
  return String(Math.floor(ms / 1_000));
}
