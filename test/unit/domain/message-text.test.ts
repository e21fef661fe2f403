import { expect, test } from 'vitest';
import { isAnswerable, readText } from '#domain/whatsapp/message-text.ts';
import { aMessage } from '#test/support/builders.ts';

test.each([
  ['button', { button: { payload: 'P', text: 'Confirm' } }, 'Confirm'],
  [
    'interactive',
    { interactive: { type: 'button_reply', button_reply: { id: 'y', title: 'Yes' } } },
    'Yes',
  ],
  [
    'interactive',
    { interactive: { type: 'list_reply', list_reply: { id: 's', title: '09:30' } } },
    '09:30',
  ],
  [
    'image',
    { image: { id: '1', caption: 'my receipt' } },
    '[The customer sent an image with this caption] my receipt',
  ],
  ['audio', { audio: { id: '2', voice: true } }, '[The customer sent a voice note]'],
  [
    'document',
    { document: { id: '3', filename: 'a.pdf' } },
    '[The customer sent a document named "a.pdf"]',
  ],
  [
    'location',
    { location: { latitude: 40.5, longitude: -3.7, name: 'Sol' } },
    '[The customer sent a location] 40.5, -3.7 (Sol)',
  ],
  [
    'contacts',
    { contacts: [{ name: { formatted_name: 'Leo Paz' } }] },
    '[The customer sent contact cards] Leo Paz',
  ],
  [
    'order',
    {
      order: {
        product_items: [
          { product_retailer_id: 'sku-1', quantity: 2, item_price: 19.9, currency: 'EUR' },
        ],
      },
    },
    '[The customer placed an order] 2 × sku-1 at 19.9 EUR',
  ],
])('reads %s in words', (type, content, words) => {
  const message = aMessage({ type, ...content });
  expect(readText(message)).toBe(words);
  expect(isAnswerable(message)).toBe(true);
});

test.each([
  'reaction',
  'system',
  'unsupported',
  'request_welcome',
  'edit',
  'revoke',
  'constructor',
  'errors',
])('owes no answer to %s', (type) => {
  expect(isAnswerable(aMessage({ type }))).toBe(false);
});

test('owes no answer to a group', () => {
  expect(isAnswerable(aMessage({ group_id: 'Y2FwaV9ncm91cDox' }))).toBe(false);
});
