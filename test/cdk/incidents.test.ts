import { describe, expect, it } from 'vitest';
import { incidentNames, incidentTexts } from '#lib/alarms/incident-texts.ts';
import { severities, stageNames } from '#lib/config/stages.ts';
import { synthesizeStage } from '../support/template.ts';
import { alarmNamed, alarmsOf, metricsOf, ruleOf } from '../support/template-alarms.ts';

describe.each(stageNames)('the incidents of %s', (stage) => {
  const templates = synthesizeStage(stage);
  const alarms = alarmsOf(templates);
  const composites = alarms.filter(({ kind }) => kind === 'composite');
  const incidents = composites.filter(({ tells }) => tells.length > 0);
  const explained = composites.filter(({ tells }) => tells.length === 0);
  const memberships = new Map(
    incidents.flatMap((incident) => ruleOf(incident).members.map((member) => [member, incident])),
  );

  function explanationOf(fullName: string) {
    return explained.find((each) => each.fullName === `${fullName}-explained`);
  }

  it('are those that have a text, each with alarms that there are', () => {
    expect(incidents.map(({ name }) => name).sort()).toEqual([...incidentNames].sort());
    const names = alarms.map(({ fullName }) => fullName);
    for (const incident of incidents) {
      const { members, unless } = ruleOf(incident);
      expect(members.length, incident.name).toBeGreaterThan(0);
      for (const name of [...members, ...unless]) expect(names).toContain(name);
    }
  });

  it('are how each alarm acts that does not act by itself, and no alarm acts twice', () => {
    for (const { name, fullName, kind, tells, properties } of alarms) {
      const incident = memberships.get(fullName);
      const isSuppressor = name === 'deployment-running' || name.endsWith('-explained');
      const ways = [tells.length > 0, incident !== undefined, isSuppressor].filter(Boolean);
      expect(ways, name).toHaveLength(1);
      expect(properties.ActionsEnabled ?? true, name).toBe(true);
      if (kind === 'composite' && !isSuppressor) expect(tells, name).toHaveLength(1);
    }
    const members = incidents.flatMap((incident) => ruleOf(incident).members);
    expect(new Set(members).size).toBe(members.length);
  });

  it('tell the topic of their severity, when it begins and when it is over', () => {
    for (const { name, severity, tells, properties } of alarms) {
      if (tells.length === 0) continue;
      const ofSeverity = (each: string) => `Alarms${each[0]?.toUpperCase()}${each.slice(1)}`;
      // Whether a page arrives is told by every way: one of them is what fails.
      const topics = name === 'alarms-undelivered' ? severities : [severity];
      expect([...tells].sort(), name).toEqual(topics.map(ofSeverity).sort());
      expect(properties.AlarmActions, name).toEqual(expect.arrayContaining(properties.OKActions));
      expect(properties.OKActions, name).toHaveLength(1);
    }
  });

  it('are as severe as each of their symptoms says', () => {
    for (const { name, fullName, severity } of alarms) {
      const incident = memberships.get(fullName);
      if (incident) expect(severity, name).toBe(incident.severity);
    }
  });

  it('are muted only by what is at least as severe, and never in a circle', () => {
    for (const incident of incidents) {
      for (const other of ruleOf(incident).unless) {
        const muting = incidents.find(({ fullName }) => fullName === other);
        const rank = (severity = '') => severities.join().indexOf(severity);
        expect(rank(muting?.severity), incident.name).toBeLessThanOrEqual(rank(incident.severity));
      }
    }
    for (const [index, name] of incidentNames.entries()) {
      const before = incidentNames.slice(0, index);
      for (const other of incidentTexts[name].unless ?? []) expect(before).toContain(other);
    }
  });

  it('are silent while a deployment runs, and for what it leaves behind', () => {
    const running = alarmNamed(alarms, 'deployment-running');
    expect(running.properties).toMatchObject({
      Namespace: `Concierge/${stage}`,
      MetricName: 'DeploymentRunning',
      Dimensions: [{ Name: 'stage', Value: stage }],
      Statistic: 'Maximum',
      Threshold: 0,
      DatapointsToAlarm: 1,
      EvaluationPeriods: 2,
    });
    for (const { name, fullName, properties } of incidents) {
      const isMuted = ruleOf(alarmNamed(alarms, name)).unless.length > 0;
      const suppressor = isMuted ? explanationOf(fullName) : running;
      expect(properties, name).toMatchObject({
        ActionsSuppressor: { 'Fn::GetAtt': [suppressor?.logicalId, 'Arn'] },
        ActionsSuppressorWaitPeriod: 120,
        ActionsSuppressorExtensionPeriod: isMuted ? 900 : 300,
      });
    }
  });

  it('are silent of what another incident has left behind, for a quarter of an hour', () => {
    const running = alarmNamed(alarms, 'deployment-running');
    const muted = incidents.filter((incident) => ruleOf(incident).unless.length > 0);
    expect(explained).toHaveLength(muted.length);
    for (const incident of muted) {
      const explanation = explanationOf(incident.fullName);
      const names = explanation ? ruleOf(explanation).members : [];
      const { unless } = ruleOf(incident);
      expect([...names].sort(), incident.name).toEqual([running.fullName, ...unless].sort());
    }
  });

  it('are made after their alarms, which they name by words', () => {
    const byName = new Map(alarms.map((alarm) => [alarm.fullName, alarm.logicalId]));
    const resources = templates.service.findResources('AWS::CloudWatch::CompositeAlarm');
    for (const incident of composites) {
      const { members, unless } = ruleOf(incident);
      const known = [...members, ...unless].filter((name) => name.includes('-service-'));
      const { DependsOn = [] } = resources[incident.logicalId] ?? {};
      expect([...DependsOn].sort(), incident.name).toEqual(known.map((n) => byName.get(n)).sort());
    }
  });

  it.each([
    ['a model without money', 'model-down', ['model-error-rate', 'model-quota-exhausted']],
    ['a model that is gone', 'model-unsteady', ['model-unusable', 'model-circuit-open']],
    [
      'a revoked token',
      'tenant-cut-off',
      ['token-revoked', 'graph-circuit-open', 'messages-parked'],
    ],
    ['WhatsApp that takes nothing', 'whatsapp-down', ['sends-refused']],
    [
      'a processor that stands still',
      'customers-unanswered',
      [
        'processor-errors',
        'chats-failing',
        'chat-oldest-ring',
        'oldest-unfinished',
        'reconciliation-gap',
      ],
    ],
    [
      'an ingest that breaks',
      'webhooks-refused',
      ['ingest-errors', 'webhook-error-rate', 'signatures-rejected'],
    ],
    ['a check that is not answered', 'canary-unanswered', ['canary-failed']],
  ])('tell of %s once', (_, name, symptoms) => {
    const { members } = ruleOf(alarmNamed(alarms, name));
    const prefix = `concierge-${stage}-service-`;
    expect([...members].sort()).toEqual(symptoms.map((each) => `${prefix}${each}`).sort());
  });

  it('page at night for what all customers notice', () => {
    const waking = alarms.filter(
      ({ severity, tells }) => severity === 'critical' && tells.length > 0,
    );
    expect(waking.map(({ name }) => name).sort()).toEqual([
      'canary-unanswered',
      'customers-unanswered',
      'model-down',
      'platform-budget-reached',
      'webhooks-refused',
      'whatsapp-down',
    ]);
  });

  it('leave alone what rolls a deployment back', () => {
    for (const name of ['ingest-errors', 'processor-errors', 'messages-parked']) {
      const alarm = alarmNamed(alarms, name);
      expect(alarm.kind).toBe('metric');
      expect(metricsOf(templates, alarm)).toHaveLength(1);
    }
  });
});
