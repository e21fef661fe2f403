import { expect, test } from 'vitest';
import { TemplateError } from '#local/cloud/template-error.ts';
import { FilterPattern, passes } from '#local/event-sources/filter-pattern.ts';

function pattern(body: unknown): FilterPattern {
  return new FilterPattern(JSON.stringify({ body }), 'Mapping');
}

test.each([
  [{ kind: ['status'] }, { kind: 'status' }, true],
  [{ kind: ['status', 'message'] }, { kind: 'message' }, true],
  [{ kind: ['status'] }, { kind: 'other' }, false],
  [{ kind: ['status'], n: [1] }, { kind: 'status', n: 2 }, false],
  [{ in: { deep: [null] } }, { in: { deep: null } }, true],
  [{ tags: ['b'] }, { tags: ['a', 'b'] }, true],
  [{ kind: [{ prefix: 'sta' }] }, { kind: 'status' }, true],
  [{ kind: [{ suffix: 'us' }] }, { kind: 'status' }, true],
  [{ kind: [{ 'equals-ignore-case': 'STATUS' }] }, { kind: 'status' }, true],
  [{ kind: [{ 'anything-but': ['status'] }] }, { kind: 'status' }, false],
  [{ kind: [{ exists: false }] }, {}, true],
  [{ kind: [{ exists: true }] }, {}, false],
  [{ n: [{ numeric: ['>', 1, '<=', 5] }] }, { n: 5 }, true],
  [{ n: [{ numeric: ['>', 1, '<=', 5] }] }, { n: 1 }, false],
])('%j on %j is %s', (body, message, expected) => {
  expect(pattern(body).accepts(JSON.stringify(message))).toBe(expected);
});

test('a pattern on JSON refuses a body that is not JSON', () => {
  expect(pattern({ kind: ['status'] }).accepts('hello')).toBe(false);
});

test('a pattern on text looks at the body as it is', () => {
  expect(pattern([{ prefix: 'hel' }]).accepts('hello')).toBe(true);
});

test('a message needs to pass one of the patterns, or none where there are none', () => {
  const patterns = [pattern({ kind: ['a'] }), pattern({ kind: ['b'] })];
  expect(passes(patterns, '{"kind":"b"}')).toBe(true);
  expect(passes(patterns, '{"kind":"c"}')).toBe(false);
  expect(passes([], 'anything')).toBe(true);
});

test('an unknown rule is an error that names the mapping', () => {
  expect(() => pattern({ kind: [{ wildcard: 'a*' }] })).toThrow(TemplateError);
  expect(() => pattern({ kind: [{ wildcard: 'a*' }] })).toThrow(/^Mapping: .*wildcard/);
});

test('a pattern on anything but the body is an error', () => {
  expect(() => new FilterPattern('{"messageId":["x"]}', 'Mapping')).toThrow(/body only/);
});
