import { expect, it } from 'vitest';
import { measureAll } from '../../../../load/bench/measure-all.ts';
import type { Benchmark, Section } from '../../../../load/bench/section.ts';
import { checkTurns } from '../../../../load/bench/turn/turn-calls.ts';

function aSection(title: string): Section {
  return { title, explains: '', columns: ['row'], rows: [], targets: [] };
}

function measures(name: string): Benchmark {
  return { name, run: async () => aSection(name) };
}

const BROKEN: Benchmark = {
  name: 'broken',
  run: async () => {
    throw new Error('No model');
  },
};

it('goes on after a benchmark that fails, and keeps what the others found', async () => {
  const said: string[] = [];
  const shown: string[] = [];
  const { sections, failures } = await measureAll(
    [measures('first'), BROKEN, measures('last')],
    { runs: 1, say: (line) => said.push(line) },
    ({ title }) => shown.push(title),
  );
  expect(shown).toEqual(['first', 'last']);
  expect(sections.map(({ title }) => title)).toEqual(['first', 'last']);
  expect(failures).toEqual([{ name: 'broken', why: 'No model' }]);
  expect(said.join()).toContain('broken: Error: No model');
});

it('says of a turn that was put off why, from the function’s own log', () => {
  const log = [
    '{"level":"WARN","message":"slow_read"}',
    '{"level":"INFO","message":"turn_deferred","cause":"pair-budget"}',
    '{"TurnsDeferred":1}',
    'no JSON',
  ];
  const calls = { 'Model responses': 1, 'Graph messages': 1 };
  const deferred = { result: '{"batchItemFailures":[{"itemIdentifier":"1"}]}', log };
  expect(() => checkTurns(calls, 1, deferred)).toThrow('says "turn_deferred, pair-budget"');
  const answered = { result: '{"batchItemFailures":[]}', log: [] };
  expect(() => checkTurns({ ...calls, 'Graph messages': 2 }, 1, answered)).not.toThrow();
  expect(() => checkTurns(calls, 1, answered)).toThrow('says "nothing"');
});
