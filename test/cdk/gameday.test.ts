import { describe, expect, it } from 'vitest';
import { type StageName, stageNames } from '#lib/config/stages.ts';
import { isEcho } from '../gameday/alarm-names.ts';
import { namedBy, provenBy } from '../gameday/scenario.ts';
import { ROUNDS, SCENARIOS } from '../gameday/scenarios/all.ts';
import { synthesizeStage } from '../support/template.ts';
import { alarmsOf } from '../support/template-alarms.ts';

/** By name, of all that the templates of a stage hold. */
function alarmsIn(stage: StageName): readonly string[] {
  const names = alarmsOf(synthesizeStage(stage)).map(({ name }) => name);
  return names.filter((name) => !isEcho(name));
}

const inProd = alarmsIn('prod');

describe('the game day', () => {
  it.each(stageNames)('proves every alarm and every incident of %s by a scenario', (stage) => {
    const proven = SCENARIOS.flatMap(provenBy);
    expect(alarmsIn(stage).filter((alarm) => !proven.includes(alarm))).toEqual([]);
  });

  it('names no alarm that is not in the template of prod', () => {
    const named = SCENARIOS.flatMap(namedBy);
    expect(named.filter((alarm) => !inProd.includes(alarm))).toEqual([]);
  });

  it('says why an alarm may go off beside those that must, and which of them tell nobody', () => {
    for (const { name, mayFire, muted = [] } of SCENARIOS) {
      for (const why of Object.values(mayFire)) expect(why, name).toMatch(/^[a-z].{8,}/);
      expect(
        muted.filter((each) => mayFire[each] === undefined),
        name,
      ).toEqual([]);
    }
  });

  it('plays in a round no two scenarios that speak of the same alarm', () => {
    for (const round of ROUNDS) {
      const named = round.flatMap((each) => [
        ...new Set([...provenBy(each), ...Object.keys(each.mayFire)]),
      ]);
      expect(new Set(named).size, round.map(({ name }) => name).join()).toBe(named.length);
    }
  });

  it('has scenarios of different names, in kebab-case', () => {
    const names = SCENARIOS.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(/^[a-z]+(-[a-z]+)*$/);
  });
});
