import { expect, test } from 'vitest';
import type { JsonObject } from '#domain/json.ts';
import { acceptedAt, finishRotation, rotate, timesOf, withValue } from '#domain/secret/rotation.ts';

const NOW = Date.UTC(2026, 10, 26);
const HOUR_MS = 3_600_000;
const WHEN = { nowMs: NOW, overlapMs: HOUR_MS };

function rotated(fields: JsonObject, value: string, when = WHEN): JsonObject {
  const result = rotate(fields, 'appSecrets', value, when);
  if (result.kind !== 'rotated') throw new Error(result.kind);
  return result.fields;
}

test('a value is put beside the others, with its time', () => {
  const fields = withValue({ openAiApiKey: 'k' }, 'appSecrets', 'a', NOW);
  expect(fields).toMatchObject({ openAiApiKey: 'k', appSecrets: ['a'] });
  const more = withValue(fields, 'openAiApiKey', 'k2', NOW + 1000);
  expect(more).toMatchObject({ openAiApiKey: 'k2', appSecrets: ['a'] });
  expect(timesOf(more, 'appSecrets').changedAtMs).toBe(NOW);
  expect(timesOf(more, 'openAiApiKey').changedAtMs).toBe(NOW + 1000);
  expect(timesOf(more, 'verifyTokens')).toEqual({});
});

test('a rotation accepts both, the new one first, until it is finished after its overlap', () => {
  const both = rotated({ appSecrets: ['old'], verifyTokens: ['v'] }, 'new');
  expect(both).toMatchObject({ appSecrets: ['new', 'old'], verifyTokens: ['v'] });
  expect(timesOf(both, 'appSecrets').acceptedUntilMs).toBe(NOW + HOUR_MS);
  const early = { nowMs: NOW + HOUR_MS - 1, isForced: false };
  expect(finishRotation(both, 'appSecrets', early).kind).toBe('too-early');
  for (const when of [
    { ...early, isForced: true },
    { nowMs: NOW + HOUR_MS, isForced: false },
  ]) {
    const finished = finishRotation(both, 'appSecrets', when);
    expect(finished).toMatchObject({ kind: 'finished', dropped: 1 });
    const fields = finished.kind === 'finished' ? finished.fields : {};
    expect(fields).toMatchObject({ appSecrets: ['new'] });
    expect(timesOf(fields, 'appSecrets')).toEqual({ changedAtMs: NOW });
  }
});

test('a rotation needs a former value, another one, and no rotation before it', () => {
  expect(rotate({}, 'appSecrets', 'new', WHEN).kind).toBe('no-value');
  expect(rotate({ appSecrets: [''] }, 'appSecrets', 'new', WHEN).kind).toBe('no-value');
  expect(rotate({ appSecrets: ['old'] }, 'appSecrets', 'old', WHEN).kind).toBe('same-value');
  const both = rotated({ appSecrets: ['old'] }, 'new');
  expect(rotate(both, 'appSecrets', 'newer', WHEN).kind).toBe('unfinished');
  expect(
    finishRotation({ appSecrets: ['a'] }, 'appSecrets', { nowMs: NOW, isForced: true }),
  ).toEqual({ kind: 'nothing-to-finish' });
});

test('a list that was written by hand is finished without an overlap', () => {
  const when = { nowMs: NOW, isForced: false };
  expect(finishRotation({ appSecrets: ['a', 'b', 'c'] }, 'appSecrets', when)).toMatchObject({
    kind: 'finished',
    dropped: 2,
    fields: { appSecrets: ['a'] },
  });
});

test('former values count until their overlap is over, and without an end as long as they lie there', () => {
  const values = ['current', 'former'];
  expect(acceptedAt(NOW - 1, values, NOW)).toEqual(values);
  expect(acceptedAt(NOW, values, NOW)).toEqual(['current']);
  expect(acceptedAt(NOW, values, undefined)).toEqual(values);
});
