import { APP_SECRET, DEMO_BUSINESSES } from '../../../local/demo.ts';
import { encodeAsMeta, signAsMeta } from '../../../local/whatsapp/webhook-body.ts';
import {
  aMessage,
  aStatus,
  numberValue,
  type SignedWebhook,
  signed,
  sizedWebhooks,
  webhookOf,
} from '../webhooks.ts';
import type { Found } from './receiver.ts';

/** A webhook that is sent once, and what has to become of it. */
export interface Probe {
  readonly name: string;
  readonly body: Buffer;
  readonly signature: string | undefined;
  /** `refused`: it is forged. */
  readonly wanted: 'refused' | Found;
}

const [PHONE_NUMBER_ID = '', OTHER_NUMBER_ID = ''] = DEMO_BUSINESSES.map(
  ({ phoneNumberId }) => phoneNumberId,
);

export function probes(): readonly Probe[] {
  return [...forged(), ...encoded(), ...batches(), ...odd()];
}

/** Nothing of these may be taken for Meta's. */
function forged(): readonly Probe[] {
  const { body, signature } = signed(inUtf8(ofText('Hello')));
  const refused = { wanted: 'refused' } as const;
  const letter = body.indexOf('Hello');
  // The bytes of the sign that text decoders put in place of bytes which they cannot read.
  const marked = signed(inUtf8(ofText('\ufffd')));
  const unreadable = Buffer.concat([
    marked.body.subarray(0, marked.body.indexOf('\ufffd')),
    Buffer.of(0xff),
    marked.body.subarray(marked.body.indexOf('\ufffd') + 3),
  ]);
  return [
    { name: 'one letter changed', body: changed(body, letter), signature, ...refused },
    {
      name: 'bytes changed that decode to the same text',
      body: unreadable,
      signature: marked.signature,
      ...refused,
    },
    { name: 'signature missing', body, signature: undefined, ...refused },
    { name: 'signature cut short', body, signature: signature.slice(0, 39), ...refused },
    {
      name: "signature by another app's secret",
      body,
      signature: signAsMeta(body, `${APP_SECRET}.`),
      ...refused,
    },
  ];
}

/** Meta escapes what is not ASCII; raw UTF-8 is as good JSON, and signed as good. */
function encoded(): readonly Probe[] {
  const content = ofText('¿Queda pan? 🍞');
  const wanted = found(1);
  return [
    { name: 'letters beyond ASCII, escaped', ...signed(encodeAsMeta(content)), wanted },
    { name: 'letters beyond ASCII, as raw UTF-8', ...signed(inUtf8(content)), wanted },
  ];
}

function batches(): readonly Probe[] {
  const sizes = sizedWebhooks().slice(1);
  return [
    ...sizes.map(({ messages, statuses, body, signature }) => ({
      name: `a batch of ${messages} messages and ${statuses} statuses`,
      body,
      signature,
      wanted: found(messages, statuses),
    })),
    {
      name: 'entries of two numbers, each message with its own',
      ...ofTwoNumbers(),
      wanted: OF_TWO,
    },
  ];
}

function ofTwoNumbers(): SignedWebhook {
  const values = [PHONE_NUMBER_ID, OTHER_NUMBER_ID].map((phoneNumberId, customer) => ({
    ...numberValue(phoneNumberId),
    messages: [aMessage(customer)],
  }));
  return signed(encodeAsMeta(webhookOf(values)));
}

const OF_TWO: Found = {
  messages: [PHONE_NUMBER_ID, OTHER_NUMBER_ID].map((phoneNumberId, customer) => ({
    id: aMessage(customer).id,
    phoneNumberId,
  })),
  statuses: [],
};

/** Signed, and not as it should be: an exception makes Meta send it again for days. */
function odd(): readonly Probe[] {
  const value = { ...numberValue(PHONE_NUMBER_ID), messages: [aMessage(0), null, aMessage(1)] };
  return [
    {
      name: 'no `entry`: no exception',
      ...signed(inUtf8({ object: 'whatsapp_business_account' })),
      wanted: found(0),
    },
    {
      name: 'a piece that is no message: its neighbours are found',
      ...signed(encodeAsMeta(webhookOf([value]))),
      wanted: found(2),
    },
  ];
}

function ofText(body: string): object {
  const message = { ...aMessage(0), text: { body } };
  return webhookOf([{ ...numberValue(PHONE_NUMBER_ID), messages: [message] }]);
}

function inUtf8(content: object): Buffer {
  return Buffer.from(JSON.stringify(content));
}

function changed(body: Buffer, at: number): Buffer {
  const copy = Buffer.from(body);
  copy[at] = 'J'.charCodeAt(0);
  return copy;
}

/** The first messages and statuses, of the one number. */
function found(messages: number, statuses = 0): Found {
  return {
    messages: Array.from({ length: messages }, (_, customer) => ({
      id: aMessage(customer).id,
      phoneNumberId: PHONE_NUMBER_ID,
    })),
    statuses: Array.from({ length: statuses }, (_, customer) => aStatus(customer).id),
  };
}
