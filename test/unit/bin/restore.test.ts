import { describe, expect, test } from 'vitest';
import { present } from '#test/support/builders.ts';
import { type ControlPlane, type Failure, Interrupted } from '#test/support/control-plane.ts';
import {
  aStage,
  CONVERSATIONS,
  command,
  KEY,
  MADE,
  TENANTS,
  template,
} from '#test/support/restore-stage.ts';
import { readSettings } from '../../../bin/restore/read-settings.ts';
import { differences, wantedSettings } from '../../../bin/restore/table-settings.ts';

const TO = '--to 2026-11-26T04:12:00Z';

/** In which settings a table differs from its template; the items that came with it. */
async function lookAt(plane: ControlPlane, role: 'tenants' | 'conversations') {
  const table = present(plane.dynamo.tables.get(MADE[role]));
  const actual = await readSettings(plane.deps(), table.description);
  return {
    differing: differences(wantedSettings(template.tables[role], KEY), actual),
    items: table.items,
    made: table.description.RestoreSummary?.RestoreDateTime,
  };
}

const complete = {
  differing: [],
  made: new Date('2026-11-26T04:12:00Z'),
};

async function expectRestored(plane: ControlPlane): Promise<void> {
  for (const role of ['tenants', 'conversations'] as const) {
    const seen = await lookAt(plane, role);
    expect(seen).toMatchObject(complete);
    expect(seen.items).toHaveLength(1);
  }
  expect([...plane.dynamo.tables.keys()].sort()).toEqual(
    [TENANTS, CONVERSATIONS, ...Object.values(MADE)].sort(),
  );
}

describe('a restore to a second', () => {
  test('makes both tables of the same second, with every setting that the template has', async () => {
    const plane = aStage();
    await command(plane, TO);
    await expectRestored(plane);
    // That the control plane does lose them, or the above says nothing.
    const mended = plane.said.filter((line) => line.includes(': setting '));
    expect(mended.map((line) => line.replace(/^.*: setting /, '')).sort()).toEqual(
      [
        ...['deletion protection', 'recovery days', 'time to live'],
        ...['deletion protection', 'recovery days', 'time to live'],
      ].sort(),
    );
  });

  test('goes on where it was interrupted, at whichever call, and makes nothing twice', async () => {
    const undisturbed = aStage();
    await command(undisturbed, TO);
    const calls = undisturbed.calls.length;
    expect(calls).toBeGreaterThan(50);
    const failures = Array.from({ length: calls }, (_, index) =>
      (['before', 'after'] as const).map((when): Failure => ({ call: index + 1, when })),
    ).flat();
    for (const failure of failures) {
      const plane = aStage();
      plane.failure = failure;
      await expect(command(plane, TO)).rejects.toThrow(Interrupted);
      plane.failure = undefined;
      await command(plane, TO);
      await expectRestored(plane);
      const made = plane.calls.filter((name) => name === 'RestoreTableToPointInTime').length;
      const lost = failure.when === 'before' ? 1 : 0;
      expect(made, JSON.stringify(failure)).toBeLessThanOrEqual(2 + lost);
    }
  });

  test('done once more, it changes nothing', async () => {
    const plane = aStage();
    await command(plane, TO);
    plane.calls.length = 0;
    await command(plane, TO);
    expect(plane.calls.filter((name) => /^(?:Update|Restore|Put|Tag)/.test(name))).toEqual([]);
  });

  test('as a dry run says what would be made, and makes nothing', async () => {
    const plane = aStage();
    await command(plane, `${TO} --dry-run`);
    expect(plane.said).toEqual([
      `tenants: ${TENANTS} of 2026-11-26T04:12:00.000Z -> ${MADE.tenants}`,
      `conversations: ${CONVERSATIONS} of 2026-11-26T04:12:00.000Z -> ${MADE.conversations}`,
    ]);
    expect(plane.dynamo.tables.size).toBe(2);
  });

  test('refuses a second that one of the tables does not reach, and says which there are', async () => {
    const plane = aStage();
    present(plane.dynamo.tables.get(CONVERSATIONS)).recovery.EarliestRestorableDateTime = new Date(
      '2026-11-26T04:20:00Z',
    );
    await expect(command(plane, TO)).rejects.toThrow(
      `${CONVERSATIONS} can be restored from 2026-11-26T04:20:00.000Z to 2026-11-26T04:25:00.000Z`,
    );
    expect(plane.dynamo.tables.size).toBe(2);
  });

  test('says where the backup of a table is that was deleted', async () => {
    const plane = aStage();
    plane.dynamo.tables.delete(CONVERSATIONS);
    await expect(command(plane, TO)).rejects.toThrow('aws dynamodb list-backups');
  });

  test('touches no table of the same name that it did not make', async () => {
    const plane = aStage();
    plane.dynamo.put(MADE.tenants, template.tables.tenants);
    await expect(command(plane, TO)).rejects.toThrow('that this restore did not make');
  });

  test('finds out that nothing came back', async () => {
    const plane = aStage();
    await command(plane, TO);
    Object.assign(present(plane.dynamo.tables.get(MADE.conversations)), { items: [] });
    await expect(command(plane, TO)).rejects.toThrow('is empty');
  });

  test('finds out that a head cannot be read', async () => {
    const plane = aStage();
    await command(plane, TO);
    const [head] = present(plane.dynamo.tables.get(MADE.conversations)).items;
    delete head.version;
    await expect(command(plane, TO)).rejects.toThrow('whose head is not there');
  });

  test('of a restored table goes by the name that the table had at first', async () => {
    const plane = aStage();
    const before = `${CONVERSATIONS}-restored-20261101T000000Z`;
    plane.dynamo.put(before, template.tables.conversations, { items: [{ pk: { S: 'x' } }] });
    plane.stacks.outputs.set('ConversationsTableName', before);
    await command(plane, `${TO} --dry-run`);
    expect(plane.said[1]).toBe(
      `conversations: ${before} of 2026-11-26T04:12:00.000Z -> ${MADE.conversations}`,
    );
  });

  test('of a release with another setting refuses what nobody would put back', () => {
    expect(() => wantedSettings({ ...template.tables.tenants, WarmThroughput: {} }, KEY)).toThrow(
      'sets WarmThroughput',
    );
    const odd = { ...template.tables.tenants, GlobalSecondaryIndexes: [{ IndexName: 'new' }] };
    expect(
      differences(wantedSettings(odd, KEY), wantedSettings(template.tables.tenants, KEY)),
    ).toEqual(['indexes']);
  });
});

describe('a restore from backups', () => {
  const at = new Date('2026-11-26T04:12:00Z');
  const point = (id: string) => `arn:aws:backup:eu-central-1:111122223333:recovery-point:${id}`;

  function withPoints(): ControlPlane {
    const plane = aStage();
    plane.vault.points.set(point('a'), { table: CONVERSATIONS, at });
    plane.vault.points.set(point('b'), { table: TENANTS, at });
    return plane;
  }
  const words = `--from-backup ${point('a')} --from-backup ${point('b')}`;

  test('of the vault makes both tables, whichever backup is named first', async () => {
    const plane = withPoints();
    await command(plane, words);
    for (const role of ['tenants', 'conversations'] as const) {
      expect((await lookAt(plane, role)).differing).toEqual([]);
    }
    expect(plane.vault.jobs.map(({ Status }) => Status)).toEqual(['COMPLETED', 'COMPLETED']);
  });

  test('waits for the job that an interrupted one began', async () => {
    const plane = withPoints();
    plane.failure = { call: 14, when: 'before' };
    await expect(command(plane, words)).rejects.toThrow(Interrupted);
    plane.failure = undefined;
    await command(plane, words);
    expect(plane.vault.jobs).toHaveLength(2);
  });

  test('says why AWS Backup gave up', async () => {
    const plane = withPoints();
    plane.vault.broken = 'Insufficient privileges';
    await expect(command(plane, words)).rejects.toThrow('Insufficient privileges');
    plane.vault.broken = undefined;
    await command(plane, words);
    expect((await lookAt(plane, 'conversations')).differing).toEqual([]);
  });

  test('of DynamoDB’s own brings a deleted table back', async () => {
    const plane = withPoints();
    const own = (table: string) =>
      `arn:aws:dynamodb:eu-central-1:111122223333:table/${table}/backup/0123`;
    plane.dynamo.backups.set(own(TENANTS), { table: TENANTS, at });
    plane.dynamo.backups.set(own(CONVERSATIONS), { table: CONVERSATIONS, at });
    await command(plane, `--from-backup ${own(TENANTS)} --from-backup ${own(CONVERSATIONS)}`);
    expect((await lookAt(plane, 'tenants')).differing).toEqual([]);
  });

  test('refuses two of one table', async () => {
    const plane = withPoints();
    plane.vault.points.set(point('b'), { table: CONVERSATIONS, at });
    await expect(command(plane, words)).rejects.toThrow(`Neither backup is of ${TENANTS}`);
  });
});
