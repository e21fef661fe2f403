import { describe, expect, test } from 'vitest';
import {
  type BusinessHours,
  isLocale,
  isOpen,
  isTimeZone,
  minutesOf,
  openingInWords,
  opensAtMs,
} from '#domain/tenant/hours.ts';

const DAY = [{ from: '09:00', to: '17:30' }];

function hours(over: Partial<BusinessHours> = {}): BusinessHours {
  return {
    timeZone: 'Europe/Madrid',
    locale: 'en-GB',
    week: [[], DAY, DAY, DAY, DAY, DAY, []],
    closed: [],
    ...over,
  };
}

function at(iso: string): number {
  return Date.parse(iso);
}

function opens(setting: BusinessHours, iso: string): string | undefined {
  const atMs = opensAtMs(setting, at(iso));
  return atMs === undefined ? undefined : new Date(atMs).toISOString();
}

test('a business that says nothing is always open', () => {
  expect(isOpen(undefined, 1)).toBe(true);
  expect(opensAtMs(undefined, 1)).toBe(1);
});

describe.each([
  ['just before', '2026-11-26T07:59:59.999Z', false, '2026-11-26T08:00:00.000Z'],
  ['at the first moment', '2026-11-26T08:00:00Z', true, '2026-11-26T08:00:00.000Z'],
  ['at the last moment', '2026-11-26T16:29:59.999Z', true, '2026-11-26T16:29:59.999Z'],
  ['when it has closed', '2026-11-26T16:30:00Z', false, '2026-11-27T08:00:00.000Z'],
  ['on a Friday evening', '2026-11-27T20:00:00Z', false, '2026-11-30T08:00:00.000Z'],
  ['on a Sunday', '2026-11-29T10:00:00Z', false, '2026-11-30T08:00:00.000Z'],
] as const)('%s', (_, iso, expected, next) => {
  test(`is ${expected ? 'open' : 'closed'}`, () => {
    expect(isOpen(hours(), at(iso))).toBe(expected);
    expect(opens(hours(), iso)).toBe(next);
  });
});

test('a closed date has no hours, whatever the weekday', () => {
  const setting = hours({ closed: ['2026-11-26', '2026-11-27'] });
  expect(isOpen(setting, at('2026-11-26T12:00:00Z'))).toBe(false);
  expect(opens(setting, '2026-11-26T12:00:00Z')).toBe('2026-11-30T08:00:00.000Z');
});

test('several times of a day, and a night that ends on the next', () => {
  const week = hours().week.with(4, [
    { from: '09:00', to: '13:00' },
    { from: '22:00', to: '02:00' },
  ]);
  const setting = hours({ week, closed: ['2026-11-27'] });
  expect(opens(setting, '2026-11-26T12:30:00Z')).toBe('2026-11-26T21:00:00.000Z');
  // Friday is closed, but the night began on Thursday.
  expect(isOpen(setting, at('2026-11-27T00:59:59Z'))).toBe(true);
  expect(isOpen(setting, at('2026-11-27T01:00:00Z'))).toBe(false);
});

test('all day is from 00:00 to 24:00', () => {
  const whole = [{ from: '00:00', to: '24:00' }];
  const setting = hours({ week: Array.from({ length: 7 }, () => whole) });
  for (let hour = 0; hour < 24 * 8; hour += 1) {
    expect(isOpen(setting, at('2026-03-26T00:00:00Z') + hour * 3_600_000)).toBe(true);
  }
});

test('opening follows the clock on the wall when summer begins and ends', () => {
  const week = Array.from({ length: 7 }, () => DAY);
  // Madrid: UTC+1, from 2026-03-29 UTC+2, from 2026-10-25 UTC+1.
  expect(opens(hours({ week }), '2026-03-28T22:00:00Z')).toBe('2026-03-29T07:00:00.000Z');
  expect(opens(hours({ week }), '2026-10-24T22:00:00Z')).toBe('2026-10-25T08:00:00.000Z');
  // New York: UTC-4 until 2026-11-01.
  const newYork = hours({ week, timeZone: 'America/New_York' });
  expect(opens(newYork, '2026-10-31T23:00:00Z')).toBe('2026-11-01T14:00:00.000Z');
});

test('of an hour that comes twice it is the first, and one that is left out is made up for', () => {
  const week = Array.from({ length: 7 }, () => [{ from: '02:30', to: '12:00' }]);
  expect(opens(hours({ week }), '2026-10-24T22:00:00Z')).toBe('2026-10-25T00:30:00.000Z');
  expect(opens(hours({ week }), '2026-03-28T23:00:00Z')).toBe('2026-03-29T01:30:00.000Z');
});

test('zones with odd offsets and without summer', () => {
  expect(opens(hours({ timeZone: 'Asia/Kathmandu' }), '2026-11-26T00:00:00Z')).toBe(
    '2026-11-26T03:15:00.000Z',
  );
  expect(opens(hours({ timeZone: 'UTC' }), '2026-11-26T00:00:00Z')).toBe(
    '2026-11-26T09:00:00.000Z',
  );
});

test('a business that never opens says so', () => {
  const week = Array.from({ length: 7 }, () => []);
  expect(opens(hours({ week }), '2026-11-26T00:00:00Z')).toBeUndefined();
  expect(isOpen(hours({ week }), at('2026-11-26T00:00:00Z'))).toBe(false);
});

test('an opening is told in the time of the business', () => {
  const atMs = at('2026-11-30T08:00:00Z');
  expect(openingInWords(hours(), atMs)).toBe('Monday 09:00');
  expect(openingInWords(hours({ locale: 'es' }), atMs)).toMatch(/lunes/);
});

test('what may be written into the settings', () => {
  expect(minutesOf('24:00')).toBe(1_440);
  for (const odd of ['24:01', '9:00', '09:60', 'noon', '']) expect(minutesOf(odd)).toBeNaN();
  expect(isTimeZone('Europe/Madrid')).toBe(true);
  expect(isTimeZone('Mars/Olympus')).toBe(false);
  expect(isLocale('pt-BR')).toBe(true);
  expect(isLocale('not a locale')).toBe(false);
});
