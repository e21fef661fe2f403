import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { synthesizeStage } from '../support/template.ts';
import { alarmsOf } from '../support/template-alarms.ts';

it('has no runbook that no alarm leads to', () => {
  const descriptions = Object.values(
    synthesizeStage('prod').service.findResources('AWS::CloudWatch::Alarm'),
  ).map(({ Properties }) => Properties.AlarmDescription);
  const orphans = readdirSync('docs/runbooks').filter(
    (file) => !descriptions.some((text) => text.endsWith(`docs/runbooks/${file}`)),
  );
  expect(orphans).toEqual([]);
});

it('gives as outputs what the commands of the runbooks ask to fill in', () => {
  const { stateful, service } = synthesizeStage('prod');
  const outputs = Object.keys({ ...stateful.findOutputs('*'), ...service.findOutputs('*') });
  const asked = readdirSync('docs/runbooks').flatMap((file) =>
    readFileSync(`docs/runbooks/${file}`, 'utf8')
      .matchAll(/<([A-Z][A-Za-z]+)>/g)
      .map(([, name]) => name)
      .toArray(),
  );
  expect(asked).toContain('ConversationsTableName');
  expect(asked.filter((name) => !outputs.includes(String(name)))).toEqual([]);
});
