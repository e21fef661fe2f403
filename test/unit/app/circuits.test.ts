import { expect, test } from 'vitest';
import { Circuits } from '#app/circuits.ts';
import type { Failure } from '#domain/failure.ts';
import { ManualClock, RecordingMetrics } from '#test/support/recorders.ts';

const DOWN: Failure = { class: 'retry', code: 'openai:503' };
const UNPAID: Failure = { class: 'fix-needed', code: 'openai:insufficient_quota' };

function someCircuits() {
  const clock = new ManualClock();
  const metrics = new RecordingMetrics();
  return { clock, metrics, circuits: new Circuits('ModelCircuit', { clock, metrics }) };
}

function fail(circuits: Circuits, failure: Failure, times: number): void {
  for (let each = 0; each < times; each += 1) circuits.failed('luna', failure);
}

test('opens after five failures in a row, for one key only', () => {
  const { circuits } = someCircuits();
  fail(circuits, DOWN, 4);
  expect(circuits.refusal('luna')).toBeUndefined();
  fail(circuits, DOWN, 1);
  expect(circuits.refusal('luna')).toMatchObject({ ...DOWN, retryAfterMs: 10_000 });
  expect(circuits.refusal('terra')).toBeUndefined();
});

test('a success in between starts the count anew', () => {
  const { circuits } = someCircuits();
  fail(circuits, DOWN, 4);
  circuits.succeeded('luna');
  fail(circuits, DOWN, 4);
  expect(circuits.refusal('luna')).toBeUndefined();
});

test('what needs the operator opens at once', () => {
  const { circuits } = someCircuits();
  fail(circuits, UNPAID, 1);
  expect(circuits.refusal('luna')).toMatchObject(UNPAID);
});

test('after its pause one call may try, and no other beside it', () => {
  const { clock, circuits } = someCircuits();
  fail(circuits, DOWN, 5);
  clock.advance(10_000);
  expect(circuits.refusal('luna')).toBeUndefined();
  circuits.begin('luna');
  expect(circuits.refusal('luna')).toMatchObject(DOWN);
  circuits.succeeded('luna');
  expect(circuits.refusal('luna')).toBeUndefined();
});

test('a probe that fails makes the next pause longer, up to a minute', () => {
  const { clock, circuits } = someCircuits();
  fail(circuits, DOWN, 5);
  for (const pauseMs of [20_000, 40_000, 60_000, 60_000]) {
    clock.advance(60_000);
    circuits.begin('luna');
    circuits.failed('luna', DOWN);
    expect(circuits.refusal('luna')?.retryAfterMs).toBe(pauseMs);
  }
});

test('a probe that never came back does not keep the circuit shut for good', () => {
  const { clock, circuits } = someCircuits();
  fail(circuits, DOWN, 5);
  clock.advance(10_000);
  circuits.begin('luna');
  clock.advance(30_000);
  expect(circuits.refusal('luna')).toBeUndefined();
});

test('its state is a metric', () => {
  const { clock, metrics, circuits } = someCircuits();
  fail(circuits, DOWN, 5);
  clock.advance(10_000);
  circuits.refusal('luna');
  circuits.succeeded('luna');
  expect(metrics.gauges).toEqual([
    ['ModelCircuit', 2],
    ['ModelCircuit', 1],
    ['ModelCircuit', 0],
  ]);
});

test('remembers a bounded number of peers', () => {
  const { circuits } = someCircuits();
  for (let key = 0; key <= 1_000; key += 1) circuits.failed(`tenant-${key}`, UNPAID);
  expect(circuits.refusal('tenant-0')).toBeUndefined();
  expect(circuits.refusal('tenant-1000')).toMatchObject(UNPAID);
});

test('while a call is finding out, the others wait for it instead of failing for good', () => {
  const { clock, circuits } = someCircuits();
  fail(circuits, UNPAID, 1);
  expect(circuits.refusal('luna')).toMatchObject({ class: 'fix-needed' });
  clock.advance(31_000);
  circuits.begin('luna');
  expect(circuits.refusal('luna')).toMatchObject({ class: 'retry', retryAfterMs: 2_000 });
});

test('calls that were under way when it opened do not make its pause longer', () => {
  const { circuits } = someCircuits();
  fail(circuits, DOWN, 10);
  expect(circuits.refusal('luna')?.retryAfterMs).toBe(10_000);
});
