import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readWebhook } from '#domain/whatsapp/webhook.ts';

const FOLDER = join(import.meta.dirname, '..', '..', 'fixtures', 'whatsapp');
const NAMES = readdirSync(FOLDER).filter((name) => name.endsWith('.json'));

function contentOf(name: string) {
  return readWebhook(JSON.parse(readFileSync(join(FOLDER, name), 'utf8')));
}

describe('the webhook fixtures', () => {
  it.each(NAMES.filter((name) => name.startsWith('message-')))('%s holds one message', (name) => {
    const { messages, events } = contentOf(name);
    expect(messages).toHaveLength(1);
    expect(events).toEqual([]);
  });

  it.each(NAMES.filter((name) => name.startsWith('status-')))('%s holds statuses only', (name) => {
    const { messages, events } = contentOf(name);
    expect(messages).toEqual([]);
    expect(new Set(events.map(({ kind }) => kind))).toEqual(new Set(['status']));
  });

  it.each(NAMES.filter((name) => name.startsWith('field-')))('%s holds one event', (name) => {
    const { messages, events } = contentOf(name);
    expect(messages).toEqual([]);
    expect(events).toMatchObject([{ kind: 'event' }]);
  });

  it.each([
    // One of the two has a time that cannot be read, which is no reason not to answer it.
    ['malformed-neighbours.json', 2],
    ['malformed-entries-and-changes.json', 1],
    ['batch-several-messages.json', 3],
    ['batch-several-entries-and-numbers.json', 2],
  ])('%s loses none of its %i healthy messages', (name, count) => {
    expect(contentOf(name).messages).toHaveLength(count);
  });
});
