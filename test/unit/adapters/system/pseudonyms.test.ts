import { expect, it } from 'vitest';
import { pseudonyms } from '#adapters/system/pseudonyms.ts';
import { aChat } from '#test/support/builders.ts';

/** The name under which the model's provider hears of a contact: `safety_identifier`, at most 128 characters. */
it('names a chat by a hash that holds nothing of the contact', () => {
  const name = pseudonyms.ofChat(aChat('34600111222'));
  expect(name).toMatch(/^[0-9a-f]{32}$/);
  expect(name).toBe(pseudonyms.ofChat(aChat('34600111222')));
  expect(name).not.toContain('600111222');
});

it('names the same contact otherwise at another business, and its neighbour otherwise', () => {
  const names = ['34600111222', '34600111223', 'ES.34600111222'].map((contact) =>
    pseudonyms.ofChat(aChat(contact)),
  );
  const elsewhere = { ...aChat('34600111222'), phoneNumberId: '100000000000002' };
  names.push(pseudonyms.ofChat(elsewhere as ReturnType<typeof aChat>));
  expect(new Set(names).size).toBe(4);
});
