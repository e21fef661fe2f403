import { expect, test } from 'vitest';
import { pseudonyms } from '#adapters/system/pseudonyms.ts';
import { parseContactId, parsePhoneNumberId } from '#domain/ids.ts';
import { Narrator } from '#local/narrator.ts';
import { Feed, type FeedEntry } from '#local/simulator-api/feed.ts';
import { aWorld, BAKERY, MIRA } from '#test/support/whatsapp-world.ts';

const { phoneNumberId: NUMBER } = BAKERY;

class HeardFeed extends Feed {
  readonly entries: FeedEntry[] = [];

  override push(entry: FeedEntry): void {
    this.entries.push(entry);
  }
}

function pseudonymOf(number: string, contact: string): string {
  const [phoneNumberId, id] = [parsePhoneNumberId(number), parseContactId(contact)];
  if (!phoneNumberId || !id) throw new RangeError('no ids');
  return pseudonyms.ofChat({ phoneNumberId, contact: id });
}

test('tells of which chat a log line speaks, by whatever id the customer is known', () => {
  const { world } = aWorld();
  world.receive({ to: NUMBER, from: MIRA, text: 'hello' });
  const feed = new HeardFeed();
  const narrator = new Narrator(feed, world);
  const chat = { phoneNumberId: NUMBER, contact: MIRA };
  narrator.meet({ at: 0, kind: 'message', chat, detail: 'Customer wrote: text' });
  const userId = world.transcript(NUMBER, MIRA)?.contact.user_id ?? '';
  for (const contact of [MIRA, userId, '34600999999']) {
    const line = { message: 'chat_rung', chat: pseudonymOf(NUMBER, contact) };
    narrator.hear({
      functionName: 'processor',
      environmentId: 'e',
      stream: 'stdout',
      text: JSON.stringify(line),
    });
  }
  expect(feed.entries.map((entry) => entry.chat)).toEqual([chat, chat, undefined]);
});
