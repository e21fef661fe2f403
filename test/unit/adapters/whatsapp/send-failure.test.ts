import { describe, expect, it } from 'vitest';
import { classifySendError } from '#adapters/whatsapp/send-failure.ts';

function outcome(status: number, body: unknown): string {
  const result = classifySendError(status, body, undefined);
  return result.kind === 'ambiguous' ? 'ambiguous' : result.failure.class;
}

describe('a Graph error', () => {
  it.each([
    [
      'retry',
      [
        [400, 4],
        [400, 80007],
        [400, 130429],
        [400, 131056],
        [500, 131057],
        [429, 131208],
      ],
    ],
    [
      'ambiguous',
      [
        [400, 1],
        [503, 2],
        [500, 131000],
        [500, 131016],
        [500, 999999],
      ],
    ],
    [
      'fix-needed',
      [
        [401, 0],
        [500, 3],
        [403, 10],
        [400, 33],
        [401, 190],
        [403, 200],
        [403, 299],
        [403, 368],
        [404, 803],
        [403, 131005],
        [403, 131031],
        [400, 131037],
        [400, 131042],
        [500, 131045],
        [400, 131048],
        [400, 131064],
        [400, 133005],
        [400, 133006],
        [400, 133010],
        [400, 134011],
        [400, 999999],
      ],
    ],
    [
      'give-up-here',
      [
        [400, 100],
        [400, 130403],
        [400, 130472],
        [400, 131020],
        [400, 131041],
        [400, 131052],
        [400, 131053],
        [400, 131055],
        [400, 131060],
        [400, 131062],
        [400, 131063],
        [400, 131201],
        [400, 131215],
        [400, 132000],
        [404, 132001],
        [400, 132005],
        [400, 132007],
        [400, 132012],
        [400, 132015],
        [400, 132016],
        [400, 132068],
        [429, 132069],
        [400, 134100],
        [400, 134102],
        [400, 147005],
        [403, 130497],
        [400, 131008],
        [400, 131009],
        [400, 131021],
        [400, 131026],
        [400, 131047],
        [400, 131049],
        [400, 131050],
        [400, 131051],
        [400, 135000],
      ],
    ],
  ] as const)('is to %s for its codes', (expected, cases) => {
    for (const [status, code] of cases) {
      expect([code, outcome(status, { error: { code } })]).toEqual([code, expected]);
    }
  });

  it('of an unknown number is the operator’s, though its code says bad parameter', () => {
    expect(outcome(400, { error: { code: 100, error_subcode: 33 } })).toBe('fix-needed');
  });

  it.each([
    ['ambiguous where the server failed', 500, 'ambiguous'],
    ['ambiguous where a gateway gave up', 504, 'ambiguous'],
    ['ambiguous where nobody knows what it means', 302, 'ambiguous'],
    ['for later where there were too many', 429, 'retry'],
    ['the operator’s where the request was refused', 403, 'fix-needed'],
  ])('without a code is %s', (_what, status, expected) => {
    for (const body of [undefined, {}, { error: 'text' }, { error: { code: '4' } }, []]) {
      expect(outcome(status, body)).toBe(expected);
    }
  });

  it('that calls itself passing is not taken for a refusal', () => {
    expect(outcome(400, { error: { code: 999999, is_transient: true } })).toBe('ambiguous');
  });

  it.each([
    [100, {}, true],
    [131008, {}, true],
    [131009, {}, true],
    [131051, {}, true],
    [100, { error_subcode: 33 }, undefined],
    [131026, {}, undefined],
    [131056, {}, undefined],
  ])('%i %j may be of the form alone: %s', (code, over, isOfTheForm) => {
    const result = classifySendError(400, { error: { code, ...over } }, undefined);
    expect(result).toMatchObject({ kind: 'refused' });
    expect(result.kind === 'refused' && result.failure.isOfTheForm).toBe(isOfTheForm);
  });

  it('carries its code, and the wait that Meta asks for', () => {
    expect(classifySendError(400, { error: { code: 131056 } }, '7')).toEqual({
      kind: 'refused',
      failure: {
        class: 'retry',
        code: 'graph:131056',
        isOfThePair: true,
        retryAfterMs: 7_000,
      },
    });
    expect(classifySendError(403, 'page', 'Tue, 24 Nov 2026')).toEqual({
      kind: 'refused',
      failure: { class: 'fix-needed', code: 'graph:http-403', retryAfterMs: undefined },
    });
  });
});

it.each([
  [401, 190, 'token'],
  [403, 299, 'token'],
  [400, 131042, undefined],
])('HTTP %i with code %i needs %s of the operator', (status, code, remedy) => {
  const result = classifySendError(status, { error: { code } }, undefined);
  expect(result).toMatchObject({ failure: { class: 'fix-needed' } });
  expect(result.kind === 'refused' && result.failure.remedy).toBe(remedy);
});
