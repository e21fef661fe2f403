import { describe, expect, it } from 'vitest';
import type { RestoredTables } from '#lib/config/recovery.ts';
import { present } from '#test/support/builders.ts';
import { OWN_TABLE } from '../../bin/deploy/check-restored.ts';
import { synthesizeStage } from '../support/template.ts';
import { functionsOf } from '../support/template-functions.ts';
import { nameOf } from '../support/template-text.ts';

const restored: RestoredTables = {
  until: '2026-11-26T04:30:00Z',
  conversationsTable: 'conversations-restored-20261126T040000Z',
  tenantsTable: 'tenants-restored-20261126T040000Z',
};

const before = synthesizeStage('prod');
const after = synthesizeStage('prod', { restored });

/** How often a text stands in a template. */
function count(template: object, text: string | RegExp): number {
  return JSON.stringify(template).split(text).length - 1;
}

/** The exports of the stack's own tables, as the service stack imports them. */
const ownTables = /ExportsOutput(?:Ref|FnGetAtt)(?:Tenants|Conversations)[0-9A-F]{8}/;

/** Its own tables, as the stateful stack refers to them. */
const ownTable = /"(?:Tenants|Conversations)[0-9A-F]{8}"/;

describe('a stage whose tables were restored', () => {
  it('names the restored table in every place that named its own, and its own in none', () => {
    const was = before.service.toJSON();
    const is = after.service.toJSON();
    const named = count(was, ownTables);
    expect(named).toBeGreaterThan(30);
    expect(count(is, ownTables)).toBe(0);
    const { conversationsTable, tenantsTable } = restored;
    expect(count(is, conversationsTable) + count(is, tenantsTable)).toBe(named);
  });

  it('gives every function the variables that it had, with the restored names', () => {
    const was = functionsOf(before);
    for (const [folder, { properties }] of functionsOf(after)) {
      const { Variables } = properties.Environment;
      const had = Object.keys(was.get(folder)?.properties.Environment.Variables);
      expect(Object.keys(Variables).filter((name) => name !== 'RESTORED_UNTIL')).toEqual(
        had.filter((name) => name !== 'RESTORED_UNTIL'),
      );
      if (had.includes('CONVERSATIONS_TABLE')) {
        expect(Variables.CONVERSATIONS_TABLE).toBe(restored.conversationsTable);
      }
      if (had.includes('TENANTS_TABLE')) {
        expect(Variables.TENANTS_TABLE).toBe(restored.tenantsTable);
      }
    }
  });

  it.each([before, after])('says of its own table what a deployment looks for', ({ stateful }) => {
    const outputs = Object.entries(stateful.findOutputs('*')).filter(([name]) =>
      OWN_TABLE.test(name),
    );
    expect(outputs.map(([, { Value }]) => Value)).toEqual([
      { Ref: expect.stringMatching(/^Conversations[0-9A-F]{8}$/) },
    ]);
  });

  it('tells the processor until when another table may have answered, and nobody else', () => {
    const told = (templates: typeof before) =>
      [...functionsOf(templates)].flatMap(([folder, { properties }]) => {
        const { RESTORED_UNTIL: until } = properties.Environment.Variables;
        return until === undefined ? [] : [[folder, until]];
      });
    expect(told(before)).toEqual([]);
    expect(told(after)).toEqual([['processor', restored.until]]);
  });

  it('tells the operator’s commands of the restored tables', () => {
    after.stateful.hasOutput('TenantsTableName', { Value: restored.tenantsTable });
    after.stateful.hasOutput('ConversationsTableName', { Value: restored.conversationsTable });
  });

  it('backs the restored tables up, tests their restore, and no longer its own', () => {
    const selected = Object.values({
      ...after.stateful.findResources('AWS::Backup::BackupSelection'),
      ...after.stateful.findResources('AWS::Backup::RestoreTestingSelection'),
    });
    expect(selected).toHaveLength(2);
    for (const { Properties } of selected) {
      expect(count(Properties, `table/${restored.tenantsTable}`)).toBe(1);
      expect(count(Properties, `table/${restored.conversationsTable}`)).toBe(1);
      expect(count(Properties, ownTable)).toBe(0);
    }
  });

  it('watches the restored tables with the alarms that watched its own', () => {
    const type = 'AWS::CloudWatch::Alarm';
    const was = before.stateful.findResources(type);
    const is = after.stateful.findResources(type);
    // Under the same ids: a second alarm of the same name would be refused.
    expect(Object.keys(is)).toEqual(Object.keys(was));
    expect(count(is, ownTable)).toBe(0);
    const { conversationsTable, tenantsTable } = restored;
    expect(count(is, conversationsTable) + count(is, tenantsTable)).toBe(count(was, ownTable));
    expect(count(was, ownTable)).toBeGreaterThan(0);
  });

  it('keeps its own tables as they are, and their exports: the service stack still imports them', () => {
    const type = 'AWS::DynamoDB::Table';
    expect(after.stateful.findResources(type)).toEqual(before.stateful.findResources(type));
    const exported = ({ stateful }: typeof before) =>
      Object.entries(stateful.findOutputs('*')).filter(([id]) => ownTables.test(id));
    expect(exported(before)).toHaveLength(4);
    expect(exported(after)).toEqual(expect.arrayContaining(exported(before)));
  });

  it('leaves its former tables in the account when it lets go of them', () => {
    const released = synthesizeStage('prod', { restored: { ...restored, former: 'released' } });
    expect(released.stateful.findResources('AWS::DynamoDB::Table')).toEqual({});
    expect(released.service.toJSON()).toEqual(after.service.toJSON());
    // They were to be retained, or CloudFormation would have deleted them now.
    for (const table of Object.values(before.stateful.findResources('AWS::DynamoDB::Table'))) {
      expect(table['DeletionPolicy']).toBe('Retain');
    }
  });
});

describe('a stage with replicas', () => {
  const env = { account: '111122223333', region: 'eu-central-1' };
  const keyArn = 'arn:aws:kms:eu-west-1:111122223333:key/1234abcd';
  const { stateful, service } = synthesizeStage('prod', {
    env,
    recovery: { pointInTimeDays: 35, replicas: [{ region: 'eu-west-1', keyArn }] },
  });

  it('has the same tables, as global tables under the same logical ids', () => {
    const global = stateful.findResources('AWS::DynamoDB::GlobalTable');
    const single = before.stateful.findResources('AWS::DynamoDB::Table');
    // CloudFormation refuses another type under the same id: it can replace no table by accident.
    expect(Object.keys(global)).toEqual(Object.keys(single));
    for (const [id, { Properties, DeletionPolicy }] of Object.entries(global)) {
      const { KeySchema, AttributeDefinitions, GlobalSecondaryIndexes, TimeToLiveSpecification } =
        present(single[id])['Properties'];
      expect(Properties).toMatchObject({
        KeySchema,
        AttributeDefinitions,
        TimeToLiveSpecification,
        ...(GlobalSecondaryIndexes && { GlobalSecondaryIndexes }),
      });
      expect(DeletionPolicy).toBe('Retain');
    }
  });

  it('protects every replica as it protects the table itself, under the key of its region', () => {
    for (const { Properties } of Object.values(
      stateful.findResources('AWS::DynamoDB::GlobalTable'),
    )) {
      const { Replicas } = Properties;
      expect(Replicas.map(({ Region }: { Region: string }) => Region)).toEqual([
        'eu-west-1',
        'eu-central-1',
      ]);
      for (const replica of Replicas) {
        expect(replica).toMatchObject({
          DeletionProtectionEnabled: true,
          PointInTimeRecoverySpecification: {
            PointInTimeRecoveryEnabled: true,
            RecoveryPeriodInDays: 35,
          },
        });
      }
      expect(Replicas[0].SSESpecification).toEqual({ KMSMasterKeyId: keyArn });
    }
  });

  it('lets the functions work with the table of their own region', () => {
    const names = Object.keys(stateful.findResources('AWS::DynamoDB::GlobalTable')).map(nameOf);
    expect(names).toEqual(['Tenants', 'Conversations']);
    expect(count(service.toJSON(), ownTables)).toBe(count(before.service.toJSON(), ownTables));
  });
});
