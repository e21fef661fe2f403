import { expect, test } from 'vitest';
import { followUpOf } from '#adapters/whatsapp/delivery-failure.ts';

test.each([131056, 130429, 80007, 4, 131057])('%d is sent again after a while', (code) => {
  expect(followUpOf(code)).toBe('send-later');
});

test.each([131000, 131016, 131053])('%d is sent again', (code) => {
  expect(followUpOf(code)).toBe('send-again');
});

test.each([131026, 131062])('%d tries the contact’s other address', (code) => {
  expect(followUpOf(code)).toBe('other-address');
});

test.each([131047, 131049, 130472, 131050, 130403])('%d is only recorded', (code) => {
  expect(followUpOf(code)).toBeUndefined();
});

test.each([131042, 131031, 190, 131048, 999_999, undefined])(
  '%s is looked at by a person',
  (code) => {
    expect(followUpOf(code)).toBe('person');
  },
);
