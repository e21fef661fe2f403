import { expect, it } from 'vitest';
import { present } from '#test/support/builders.ts';
import { verdictsIn } from '../../../load/artillery.ts';
import { judgeThresholds } from '../../../load/judge/thresholds.ts';
import { inLines } from '../../../load/judge/verdict.ts';
import type { Posted } from '../../../load/ledger/sent.ts';
import { tallyOf } from '../../../load/ledger/tally.ts';
import { scenarioNamed } from '../../../load/scenarios/scenarios.ts';
import { aPosted } from './support.ts';

const burst = present(scenarioNamed('burst'));
const noisy = present(scenarioNamed('noisy'));

const many = (count: number, differences: Partial<Posted> = {}) =>
  Array.from({ length: count }, () => aPosted(differences));
const missed = (posted: readonly Posted[]) =>
  judgeThresholds(burst, 'deployed', tallyOf(posted), [])
    .filter(({ holds }) => !holds)
    .map(({ what }) => what);
const slow = (ms: number) => ({ answer: { status: 200, ms } });

it('holds a stage to 50 ms, 250 ms and a second', () => {
  expect(missed(many(1_000))).toEqual([]);
  expect(missed(many(1_000, slow(50)))).toEqual(['acknowledged, median']);
  expect(missed([...many(940), ...many(60, slow(250))])).toEqual(['acknowledged, 95 %']);
  expect(missed([...many(985), ...many(15, slow(1_000))])).toEqual(['acknowledged, 99 %']);
});

it('lets less than one webhook in a thousand be answered wrongly, or not at all', () => {
  const wrong = 'answered otherwise than due, or not at all';
  expect(missed([...many(1_000), ...many(1, { answer: undefined })])).toEqual([]);
  expect(missed([...many(999), ...many(1, { answer: undefined })])).toEqual([wrong]);
  expect(missed([...many(999), ...many(1, { answer: { status: 503, ms: 1 } })])).toEqual([wrong]);
});

it('wants forged webhooks refused, each of them', () => {
  const forged = (status: number) => many(1, { kind: 'forged', answer: { status, ms: 900 } });
  expect(missed([...many(2_000), ...forged(401)])).toEqual([]);
  expect(missed([...many(2_000), ...forged(200)])).toEqual(['signed wrongly and refused']);
});

it('takes nothing that was sent or answered for no success, and for no speed', () => {
  const all = [
    'answered otherwise than due, or not at all',
    'acknowledged, median',
    'acknowledged, 95 %',
    'acknowledged, 99 %',
  ];
  expect(missed([])).toEqual(all);
  expect(missed(many(10, { answer: undefined }))).toEqual(all);
});

it('has the quiet tenant’s customers answered in time, whatever the noisy one does', () => {
  const judged = (answeredMs: readonly number[]) =>
    judgeThresholds(noisy, 'local', tallyOf(many(1)), answeredMs).at(-1)?.holds;
  expect(judged([100, 200])).toBe(true);
  expect(judged([100, 20_000])).toBe(false);
  expect(judged([])).toBe(false);
});

it('reads what artillery’s own checks say, and that it said nothing', () => {
  const log = 'Checks:\nok: acknowledgement.p95 < 250\nfail: acknowledgement.median < 50\n';
  expect(verdictsIn(log, 1).map(({ what, holds }) => [what, holds])).toEqual([
    ['acknowledgement.p95 < 250', true],
    ['acknowledgement.median < 50', false],
  ]);
  const failed = (text: string, code: number) => verdictsIn(text, code).at(-1)?.holds;
  expect(failed('', 0)).toBe(false);
  expect(failed('ok: a < 1\n', 0)).toBe(true);
  expect(failed('ok: a < 1\n', 1)).toBe(false);
});

it('says in one line that artillery’s checks all hold: they are the thresholds once more', () => {
  const said = verdictsIn('ok: a < 1\nok: b < 2\n', 0);
  expect(said.map(({ what, is }) => `${what}: ${is}`)).toEqual(['the same by artillery: 2 hold']);
});

it('says of each whether it is missed', () => {
  const verdicts = judgeThresholds(burst, 'deployed', tallyOf(many(10, slow(60))), []);
  expect(inLines(verdicts)).toContain('MISSED  acknowledged, median');
  expect(inLines(verdicts)).toMatch(/ok {6}acknowledged, 95 % +60 ms \(below 250 ms\)/);
});
