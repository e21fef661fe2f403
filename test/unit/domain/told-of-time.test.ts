import { expect, it } from 'vitest';
import { toldOfTime } from '#domain/conversation/told-of-time.ts';
import type { BusinessHours } from '#domain/tenant/hours.ts';

const DAY = [{ from: '09:00', to: '18:00' }];
const MADRID: BusinessHours = {
  timeZone: 'Europe/Madrid',
  locale: 'en',
  week: [[], DAY, DAY, DAY, DAY, DAY, []],
  closed: [],
};

it.each([
  ['2026-11-27T11:00:00Z', 'People of the business are there now.'],
  ['2026-11-27T20:00:00Z', 'Nobody of the business is there now. They are back on Monday 09:00.'],
])('tells at %s what day it is, and who is there', (now, words) => {
  const [told] = toldOfTime(MADRID, Date.parse(now));
  expect(told).toEqual({
    role: 'data',
    text: `Today is Friday, 27 November 2026 where the business is (Europe/Madrid).\n${words}`,
  });
});

it('is the same all day, so that the cache keeps what follows', () => {
  const times = ['08:30', '12:00', '16:59'].map((time) => Date.parse(`2026-11-27T${time}:00Z`));
  expect(new Set(times.map((nowMs) => JSON.stringify(toldOfTime(MADRID, nowMs)))).size).toBe(1);
});

it('guesses at no place', () => {
  expect(toldOfTime(undefined, Date.now())).toEqual([]);
});
