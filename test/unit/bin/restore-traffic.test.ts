import { describe, expect, test } from 'vitest';
import { present } from '#test/support/builders.ts';
import { type Failure, Interrupted } from '#test/support/control-plane.ts';
import {
  aStage,
  command,
  deployService,
  deployStateful,
  MADE,
} from '#test/support/restore-stage.ts';
import { readOrder } from '../../../bin/restore/read-order.ts';

const name = (construct: string) => `concierge-prod-service-${construct}Function-X1`;
const TO = '--to 2026-11-26T04:12:00Z';

test('closes what is called, and the source of what is fed: that is never throttled, or rings would be parked', async () => {
  const plane = aStage();
  await command(plane, '--stop-traffic');
  expect(Object.fromEntries(plane.stacks.functions)).toEqual({
    [name('Ingest')]: 0,
    [name('Processor')]: 100,
    [name('Sweeper')]: 0,
    [name('Health')]: undefined,
  });
  expect(plane.stacks.mappings.get('rings')?.State).toBe('Disabled');
  const first = plane.calls.indexOf('UpdateEventSourceMapping');
  expect(first).toBeLessThan(plane.calls.indexOf('PutFunctionConcurrency'));
});

test('returns only when whoever was inside must be done, and tells the same time ever after', async () => {
  const plane = aStage();
  await command(plane, '--stop-traffic');
  const closed = present(plane.stacks.mappings.get('rings')).LastModified.getTime();
  const stoppedAt = new Date(closed + 120_000).toISOString();
  expect(plane.nowMs).toBeGreaterThanOrEqual(closed + 120_000);
  expect(plane.said.at(-1)).toContain(stoppedAt);
  plane.nowMs += 3_600_000;
  await command(plane, '--stop-traffic');
  expect(plane.said.at(-1)).toContain(stoppedAt);
  await command(plane, TO);
  expect(plane.said.at(-1)).toContain(`until: '${stoppedAt}'`);
});

test('does not say what to deploy while the former tables are written to', async () => {
  const plane = aStage();
  await command(plane, TO);
  expect(plane.said.at(-1)).toContain('npm run restore -- prod --stop-traffic');
  expect(plane.said.at(-1)).not.toContain('restored:');
  await command(plane, '--stop-traffic');
  await command(plane, TO);
  expect(plane.said.at(-1)).toContain(`conversationsTable: '${MADE.conversations}'`);
  expect(plane.said.at(-1)).toContain(`tenantsTable: '${MADE.tenants}'`);
});

test.each(['--stop-traffic', '--resume-traffic'])(
  '%s is completed by saying it again, wherever it was interrupted',
  async (words) => {
    const ready = async () => {
      const plane = aStage();
      if (words === '--resume-traffic') await command(plane, '--stop-traffic');
      plane.calls.length = 0;
      return plane;
    };
    const undisturbed = await ready();
    await command(undisturbed, words);
    const end = [...undisturbed.stacks.functions];
    for (let call = 1; call <= undisturbed.calls.length; call += 1) {
      for (const when of ['before', 'after'] satisfies Failure['when'][]) {
        const plane = await ready();
        plane.failure = { call, when };
        await expect(command(plane, words)).rejects.toThrow(Interrupted);
        plane.failure = undefined;
        await command(plane, words);
        expect([...plane.stacks.functions]).toEqual(end);
        expect(plane.stacks.mappings.get('rings')?.State).toMatch(
          words === '--stop-traffic' ? 'Disabled' : /^Enabl/,
        );
      }
    }
  },
);

test('opens the doors as the template has them', async () => {
  const plane = aStage();
  const before = [...plane.stacks.functions];
  await command(plane, '--stop-traffic');
  await command(plane, '--resume-traffic');
  expect([...plane.stacks.functions]).toEqual(before);
});

describe('opens no door', () => {
  const restored = {
    until: '2026-11-26T04:32:00Z',
    conversationsTable: MADE.conversations,
    tenantsTable: MADE.tenants,
  };
  const deploy = 'npm run deploy -- prod --at-once';

  async function stopped() {
    const plane = aStage();
    await command(plane, '--stop-traffic');
    return plane;
  }

  test('to tables that the configuration does not name, or that it alone names', async () => {
    const plane = await stopped();
    await expect(command(plane, '--resume-traffic', restored)).rejects.toThrow(deploy);
    deployStateful(plane, restored);
    deployService(plane, restored, restored.until);
    await expect(command(plane, '--resume-traffic')).rejects.toThrow(deploy);
    await command(plane, '--resume-traffic', restored);
    expect(plane.stacks.functions.get(name('Ingest'))).toBeUndefined();
  });

  // The stateful stack is deployed first, and a canary does not begin while the alarms are red.
  test('after a deployment that failed half-way: the functions work with the former tables', async () => {
    const plane = await stopped();
    deployStateful(plane, restored);
    await expect(command(plane, '--resume-traffic', restored)).rejects.toThrow(deploy);
    expect(plane.stacks.functions.get(name('Ingest'))).toBe(0);
  });

  test('where the processor does not know of the restore, or of another', async () => {
    const plane = await stopped();
    deployStateful(plane, restored);
    for (const until of [undefined, '2026-11-01T00:00:00Z']) {
      deployService(plane, restored, until);
      await expect(command(plane, '--resume-traffic', restored)).rejects.toThrow(deploy);
    }
  });

  test('wrongly: restored tables that have become the stack’s own are opened without `restored`', async () => {
    const plane = await stopped();
    deployStateful(plane, restored);
    deployService(plane, restored);
    await command(plane, '--resume-traffic');
    expect(plane.stacks.functions.get(name('Ingest'))).toBeUndefined();
  });
});

test('says to deploy without a canary, which the alarms of the stop would not let begin', async () => {
  const plane = aStage();
  await command(plane, '--stop-traffic');
  await command(plane, TO);
  expect(plane.said.at(-1)).toContain('npm run deploy -- prod --at-once');
});

test.each([
  ['', 'Say which stage'],
  ['live --stop-traffic', 'There is no stage "live"'],
  ['prod --stop-traffic --dry-run', '--dry-run goes with'],
  ['prod --resume-traffic --dry-run', '--dry-run goes with'],
  ['prod', 'Say one thing to do'],
  ['prod --to 2026-11-26T04:12:00Z --stop-traffic', 'Say one thing to do'],
  ['prod --to 2026-11-26', '--to takes a second and its time zone'],
  ['prod --to 2026-11-26T04:12:00', '--to takes a second and its time zone'],
  ['prod --to 2026-02-30T04:12:00Z', '--to takes a second and its time zone'],
  ['prod --from-backup here', 'is the ARN of no backup'],
  ['prod --from-backup arn:aws:backup:eu-west-1:111122223333:recovery-point:a', 'Name two backups'],
  ['prod --yes', 'npm run restore'],
])('"%s" is no order: %s', (words, problem) => {
  expect(() => readOrder(words === '' ? [] : words.split(' '))).toThrow(problem);
});
