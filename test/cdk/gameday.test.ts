import { describe, expect, it } from 'vitest';
import { shortName } from '../gameday/alarm-names.ts';
import { namedBy, provenBy } from '../gameday/scenario.ts';
import { ROUNDS, SCENARIOS } from '../gameday/scenarios/all.ts';
import { synthesizeStage } from '../support/template.ts';

const { stateful, service } = synthesizeStage('dev');
const alarms = [stateful, service].flatMap((template) =>
  ['AWS::CloudWatch::Alarm', 'AWS::CloudWatch::CompositeAlarm'].flatMap((type) =>
    Object.values(template.findResources(type)).map(({ Properties }) =>
      shortName(String(Properties.AlarmName)),
    ),
  ),
);

describe('the game day', () => {
  it('proves every alarm and every incident of the template by a scenario', () => {
    const proven = SCENARIOS.flatMap(provenBy);
    expect(alarms.filter((alarm) => !proven.includes(alarm))).toEqual([]);
  });

  it('names no alarm that is not in the template', () => {
    const named = SCENARIOS.flatMap(namedBy);
    expect(named.filter((alarm) => !alarms.includes(alarm))).toEqual([]);
  });

  it('plays in a round no two scenarios that speak of the same alarm', () => {
    for (const round of ROUNDS) {
      const named = round.flatMap((each) => [...new Set([...provenBy(each), ...each.mayFire])]);
      expect(new Set(named).size, round.map(({ name }) => name).join()).toBe(named.length);
    }
  });

  it('has scenarios of different names, in kebab-case', () => {
    const names = SCENARIOS.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(/^[a-z]+(-[a-z]+)*$/);
  });
});
