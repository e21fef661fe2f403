import { expect, test } from 'vitest';
import { createHealthReporter } from '#lambdas/health/report-health.ts';
import { ManualClock, RecordingLog, RecordingMetrics } from '#test/support/recorders.ts';

function aReporter(run: () => Promise<unknown>) {
  const clock = new ManualClock();
  const log = new RecordingLog();
  const metrics = new RecordingMetrics();
  const checks = [{ name: 'chat-queue', run }];
  return { clock, metrics, report: createHealthReporter({ checks, clock, log, metrics }) };
}

test('says that the function runs, whatever it stands on', async () => {
  const { report } = aReporter(async () => Promise.reject(new Error('down')));
  expect(await report('/healthz')).toMatchObject({ statusCode: 200, body: '{"status":"ok"}' });
});

test('answers 503 and names what failed, without the words of the error', async () => {
  const { report, metrics } = aReporter(async () => Promise.reject(new TypeError('secret words')));
  const answer = await report('/readyz');
  expect(answer).toMatchObject({ statusCode: 503 });
  expect(JSON.parse(answer.body ?? '')).toMatchObject({
    ready: false,
    checks: [{ name: 'chat-queue', ok: false, error: 'TypeError' }],
  });
  expect(answer.body).not.toContain('secret words');
  expect(metrics.of('ReadinessFailures')).toBe(1);
});

test('asks again only after some seconds, however often it is asked', async () => {
  let asked = 0;
  const { report, clock } = aReporter(async () => {
    asked += 1;
  });
  await Promise.all([report('/readyz'), report('/readyz')]);
  await report('/readyz');
  expect(asked).toBe(1);
  clock.advance(5_000);
  await report('/readyz');
  expect(asked).toBe(2);
});
