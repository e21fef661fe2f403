import { expect, it } from 'vitest';
import { coldSection } from '../../../../load/bench/cold/cold-section.ts';
import type { ColdStart } from '../../../../load/bench/cold/measure-cold.ts';

function aStart(initCpuMs: number, firstCpuMs: number): ColdStart {
  return {
    init: { cpuMs: initCpuMs, wallMs: initCpuMs + 1 },
    first: { cpuMs: firstCpuMs, wallMs: firstCpuMs + 2 },
    bothCpuMs: initCpuMs + firstCpuMs,
    peakMb: 70,
  };
}

function aSubject(name: string, ...starts: readonly ColdStart[]) {
  return { name, handlerKb: 10, deployedKb: 12, starts };
}

it('divides init and first together by those of the floor and of the empty handler', () => {
  const { rows, targets } = coldSection([
    aSubject('empty handler', aStart(40, 0), aStart(40, 0), aStart(80, 0)),
    aSubject('ingest floor', aStart(90, 10), aStart(90, 10), aStart(180, 20)),
    aSubject('ingest', aStart(120, 30), aStart(130, 40), aStart(260, 80)),
    aSubject('processor floor, 1 chat', aStart(90, 20)),
    aSubject('processor, 1 chat', aStart(140, 36)),
  ]);
  expect(rows.find(({ name }) => name === 'ingest')?.cells).toEqual([
    10,
    12,
    130,
    131,
    40,
    42,
    170,
    170 / 40,
    1.7,
    70,
  ]);
  expect(targets).toEqual([
    expect.objectContaining({ is: 1.7, atMost: 1.8 }),
    expect.objectContaining({ is: 1.6, atMost: 1.6 }),
  ]);
});

it('shows of what is only loaded that it is, and misses what was not measured', () => {
  const loaded = { ...aStart(100, 0), first: undefined };
  const { rows, targets } = coldSection([aSubject('canary', loaded)]);
  const none = undefined;
  expect(rows[0]?.cells).toEqual([10, 12, 100, 101, none, none, 100, none, none, 70]);
  expect(targets.map(({ is }) => is)).toEqual([Number.NaN, Number.NaN]);
});
