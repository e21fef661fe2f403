import { beforeEach, expect, test } from 'vitest';
import { InMemoryAppDirectory } from '#adapters/in-memory/in-memory-app-directory.ts';
import { InMemoryConversations } from '#adapters/in-memory/in-memory-conversations.ts';
import { pseudonyms } from '#adapters/system/pseudonyms.ts';
import { type AcceptOwnAppWebhookDeps, acceptOwnAppWebhook } from '#app/accept-own-app-webhook.ts';
import type { EventEnvelope } from '#app/ports/queues.ts';
import { parseAppId, parsePhoneNumberId, parseTenantId } from '#domain/ids.ts';
import {
  aChat,
  anElement,
  aWebhook,
  PHONE_NUMBER_ID,
  present,
  TENANT_ID,
} from '#test/support/builders.ts';
import { RecordingBell } from '#test/support/peers.ts';
import { ManualClock, RecordingLog, RecordingMetrics } from '#test/support/recorders.ts';

const APP = present(parseAppId('bakery-app'));
const CLINIC = present(parseTenantId('clinic'));
const CLINICS_NUMBER = present(parsePhoneNumberId('100000000000002'));
/** The account that `aWebhook` names. */
const ACCOUNT = '700100200300401';

let apps: InMemoryAppDirectory;
let inbox: InMemoryConversations;
let bell: RecordingBell;
let metrics: RecordingMetrics;
let log: RecordingLog;
let events: EventEnvelope[];

beforeEach(() => {
  apps = new InMemoryAppDirectory();
  apps.apps.set(APP, { tenantId: TENANT_ID, accountIds: [ACCOUNT] });
  apps.owners.set(PHONE_NUMBER_ID, TENANT_ID).set(CLINICS_NUMBER, CLINIC);
  inbox = new InMemoryConversations(new ManualClock());
  bell = new RecordingBell();
  metrics = new RecordingMetrics();
  log = new RecordingLog();
  events = [];
});

function accept(body: Record<string, unknown>, over: Partial<AcceptOwnAppWebhookDeps> = {}) {
  return acceptOwnAppWebhook(APP, body, 'request-1', {
    apps,
    inbox,
    pseudonyms,
    bell,
    metrics,
    log,
    clock: new ManualClock(),
    events: {
      send: async (envelopes) => {
        events.push(...envelopes);
        return 0;
      },
    },
    ...over,
  });
}

/** The same body, as if it were of the clinic's number. */
function ofClinic(body: Record<string, unknown>): Record<string, unknown> {
  return JSON.parse(JSON.stringify(body).replaceAll(PHONE_NUMBER_ID, CLINICS_NUMBER));
}

const CLINICS_CHAT = { ...aChat(), phoneNumberId: CLINICS_NUMBER };

test('takes what is of its tenant’s number and account', async () => {
  const status = { id: 'wamid.OUT', status: 'sent' };
  expect(await accept(aWebhook({ messages: [anElement()], statuses: [status] }))).toBe('taken');
  expect(inbox.transcript(aChat())).toHaveLength(1);
  expect(bell.rings).toHaveLength(1);
  expect(events).toMatchObject([{ kind: 'status', accountId: ACCOUNT }]);
  expect(metrics.of('MessagesUnbound') + metrics.of('EventsUnbound')).toBe(0);
});

test('a message for another tenant’s number leaves no trace there', async () => {
  const forged = ofClinic(aWebhook({ messages: [anElement({ id: 'wamid.TAKEN' })] }));
  expect(await accept(forged)).toBe('refused-in-part');
  expect(inbox.transcript(CLINICS_CHAT)).toEqual([]);
  expect(bell.rings).toEqual([]);
  expect(events).toEqual([]);
  expect(metrics.of('MessagesUnbound')).toBe(1);
  expect(metrics.of('MessagesAccepted')).toBe(0);
});

test('statuses, notices and account events for another tenant are counted and dropped', async () => {
  const statuses = [{ id: 'wamid.OUT', status: 'failed' }];
  expect(await accept(ofClinic(aWebhook({ statuses, errors: [{ code: 1 }] })))).toBe('taken');
  const elsewhere = {
    entry: [{ id: '1', changes: [{ field: 'account_update', value: { event: 'X' } }] }],
  };
  expect(await accept(elsewhere)).toBe('taken');
  expect(events).toEqual([]);
  expect(metrics.of('EventsUnbound')).toBe(3);
  const system = { type: 'system', system: { type: 'user_changed_number', wa_id: '34600999888' } };
  expect(await accept(ofClinic(aWebhook({ messages: [anElement(system)] })))).toBe(
    'refused-in-part',
  );
  expect(inbox.transcript(CLINICS_CHAT)).toEqual([]);
});

test('of a body with both the bound part is taken, and a redelivery of it recognised', async () => {
  const ours = aWebhook({ messages: [anElement()] });
  const both = { entry: [ours, ofClinic(ours)].flatMap((body) => body['entry']) };
  expect(await accept(both)).toBe('refused-in-part');
  expect(await accept(both)).toBe('refused-in-part');
  expect(inbox.transcript(aChat())).toHaveLength(1);
  expect(metrics.of('MessagesDuplicate')).toBe(1);
  apps.owners.set(CLINICS_NUMBER, TENANT_ID);
  expect(await accept(both)).toBe('taken');
  expect(inbox.transcript(CLINICS_CHAT)).toHaveLength(1);
});

test('is not taken where the bound part could not be stored', async () => {
  bell.isDown = true;
  const both = [
    aWebhook({ messages: [anElement()] }),
    ofClinic(aWebhook({ messages: [anElement()] })),
  ];
  expect(await accept({ entry: both.flatMap((body) => body['entry']) })).toBe('not-taken');
});

test('an app that was just taken from its tenant speaks for nobody', async () => {
  apps.apps.clear();
  expect(await accept(aWebhook({ messages: [anElement()] }))).toBe('refused-in-part');
  expect(inbox.transcript(aChat())).toEqual([]);
});

test('a body that names numbers by the thousand costs a bounded number of reads', async () => {
  let reads = 0;
  const counting = Object.assign(new InMemoryAppDirectory(), {
    apps: apps.apps,
    ownerOf: async () => {
      reads += 1;
      return CLINIC;
    },
  });
  const entry = Array.from({ length: 2_000 }, (_, index) =>
    JSON.parse(
      JSON.stringify(aWebhook({ messages: [anElement()] })['entry']).replaceAll(
        PHONE_NUMBER_ID,
        String(900_000 + index),
      ),
    ),
  ).flat();
  expect(await accept({ entry }, { apps: counting })).toBe('refused-in-part');
  expect(reads).toBeLessThanOrEqual(100);
  expect(metrics.of('MessagesUnbound')).toBe(2_000);
});

test('what is refused is logged by app, number and count, without a word of it', async () => {
  const text = { body: 'a very private question' };
  await accept(ofClinic(aWebhook({ messages: [anElement({ text })] })));
  expect(log.lines).toMatchObject([
    {
      level: 'warn',
      event: 'webhook_part_refused',
      fields: {
        app: APP,
        tenantId: TENANT_ID,
        phoneNumberIds: CLINICS_NUMBER,
        messages: 1,
        events: 0,
      },
    },
    { event: 'message_arrived', fields: { app: APP, outcome: 'unbound' } },
    {},
  ]);
  expect(log.lines[1]?.fields).not.toHaveProperty('phoneNumberId');
  for (const secret of ['private', '34600111222']) {
    expect(JSON.stringify(log.lines)).not.toContain(secret);
  }
});
