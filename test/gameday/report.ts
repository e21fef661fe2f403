import type { RoundReport } from './play-round.ts';
import type { AlarmStory } from './referee.ts';
import { provenBy, type Scenario } from './scenario.ts';

const BY: Readonly<Record<Scenario['by'], string>> = {
  natural: 'as it would come about in the cloud',
  'front-door': 'by refusals of the local cloud’s services',
  put: 'by putting the metric itself: nothing on this machine brings it about',
};

export function listOf(scenarios: readonly Scenario[]): readonly string[] {
  const width = Math.max(...scenarios.map(({ name }) => name.length));
  return scenarios.flatMap((scenario) => [
    `${scenario.name.padEnd(width)}  ${scenario.story}`,
    `${' '.repeat(width)}  fires: ${provenBy(scenario).join(', ')}`,
  ]);
}

export function announce({ name, story, by }: Scenario): string {
  return `${name}: ${story} (Brought about ${BY[by]}.)`;
}

/** What came of a round, alarm by alarm in the order in which they went off. */
export function tellOf({ scenarios, stories, problems, minutes }: RoundReport): readonly string[] {
  const proven = new Set(scenarios.flatMap(provenBy));
  const inOrder = stories.toSorted((one, other) => (one.firedAt ?? 0) - (other.firedAt ?? 0));
  return [
    ...inOrder.map((story) => lineOf(story, proven.has(story.alarm))),
    ...problems.map((problem) => `  NOT PROVEN: ${problem}`),
    `  ${minutes} game minutes`,
  ];
}

function lineOf({ alarm, description, firedAt, recoveredAt, told }: AlarmStory, isProven: boolean) {
  const runbook = /Runbook: (\S+\.md)/.exec(description)?.[1] ?? 'no runbook';
  const over = recoveredAt === undefined ? 'is still off' : `over at ${recoveredAt}`;
  const who = told.length > 0 ? `told ${told.join(', ')}` : 'told nobody by itself';
  const mark = isProven ? '✓' : '·';
  return `  ${mark} ${alarm.padEnd(30)} off at minute ${firedAt}, ${over}; ${who}; ${runbook}`;
}
