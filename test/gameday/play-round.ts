import type { LocalStack } from '#local/stack.ts';
import { Game } from './game.ts';
import { type AlarmStory, Referee } from './referee.ts';
import { namedBy, provenBy, type Scenario } from './scenario.ts';

export interface RoundReport {
  readonly scenarios: readonly Scenario[];
  readonly stories: readonly AlarmStory[];
  /** What was not as the scenarios say; empty where all is proven. */
  readonly problems: readonly string[];
  readonly minutes: number;
}

/** In game minutes: twice as long as the slowest takes. */
const LONGEST_TO_FIRE = 60;
const LONGEST_TO_RECOVER = 120;

/** After the start of the stack: the sweeper has told by then that there is nothing to tell. */
const FIRST_MINUTES = 6;

/** Windows of the round before may still hold what happened in it: an alarm of sparse points goes off again. */
const MINUTES_OF_BEFORE = 6;

/** Where a round stands among others. */
interface RoundPlace {
  /** Of its scenarios, so that no two have the same customers. */
  readonly firstNumber: number;
  /** What went off in the round before. */
  readonly before: readonly AlarmStory[];
}

type Tell = (line: string) => void;

/** Plays scenarios at once, which do not get in each other's way, on a stack where no alarm is off. */
export async function playRound(
  stack: LocalStack,
  scenarios: readonly Scenario[],
  { firstNumber, before }: RoundPlace,
  tell: Tell,
): Promise<RoundReport> {
  const referee = new Referee(stack);
  const isFirst = before.length === 0;
  const games = scenarios.map((scenario, index) => ({
    scenario,
    game: new Game(stack, firstNumber + index),
  }));
  const problems: string[] = [];
  const isCalm = () => (!isFirst || referee.minutes() >= FIRST_MINUTES) && referee.areAllOk();
  if (!(await referee.until(isCalm, LONGEST_TO_RECOVER))) {
    problems.push(`before anything happened these were off: ${referee.off().join(', ')}`);
  }
  referee.begin();
  const failures = await Promise.all(
    games.map(({ scenario, game }) => play(scenario, game, referee, tell)),
  );
  problems.push(...failures.flat());
  if (!(await referee.until(() => referee.areAllOk(), LONGEST_TO_RECOVER))) {
    problems.push(`these did not recover: ${referee.off().join(', ')}`);
  }
  const stories = referee.stories();
  problems.push(...surprises(scenarios, stories, before));
  return { scenarios, stories, problems, minutes: referee.minutes() };
}

/** Alarms that no scenario names, and incidents that told people once more. */
function surprises(
  scenarios: readonly Scenario[],
  stories: readonly AlarmStory[],
  before: readonly AlarmStory[],
): readonly string[] {
  const named = scenarios.flatMap(namedBy);
  const isOfBefore = ({ alarm, firedAt = 0 }: AlarmStory) =>
    firedAt <= MINUTES_OF_BEFORE && before.some((each) => each.alarm === alarm);
  const unexpected = stories.filter((each) => !named.includes(each.alarm) && !isOfBefore(each));
  const proven = scenarios.flatMap(provenBy);
  const toldFirst = Math.min(
    ...stories.map(({ alarm, toldAt = Infinity }) => (proven.includes(alarm) ? toldAt : Infinity)),
  );
  const muted = scenarios.flatMap((scenario) => scenario.muted ?? []);
  const again = stories.filter(
    ({ alarm, toldAt = 0 }) => muted.includes(alarm) && toldAt > toldFirst,
  );
  return [
    ...unexpected.map(({ alarm }) => `${alarm} went off, and no scenario says so`),
    ...again.map(({ alarm }) => `${alarm} told people what another incident had told them`),
  ];
}

/** From the first fault to the cure. @returns what was not as the scenario says */
async function play(
  scenario: Scenario,
  game: Game,
  referee: Referee,
  tell: Tell,
): Promise<readonly string[]> {
  const failures = await playSteps(scenario, game, referee, tell);
  game.end();
  tell(`  ${scenario.name}: ${scenario.cure.words}`);
  try {
    await scenario.cure.happens(game);
    return failures;
  } catch (error) {
    return [...failures, `${scenario.name}: the cure: ${String(error)}`];
  }
}

async function playSteps(
  scenario: Scenario,
  game: Game,
  referee: Referee,
  tell: Tell,
): Promise<readonly string[]> {
  for (const { words, happens, fires } of scenario.steps) {
    tell(`  ${scenario.name}: ${words}`);
    try {
      await happens(game);
    } catch (error) {
      return [`${scenario.name}: ${String(error)}`];
    }
    if (!(await referee.until(() => referee.haveFired(fires), LONGEST_TO_FIRE))) {
      const silent = fires.filter((alarm) => !referee.haveFired([alarm]));
      return [`${scenario.name}: these did not go off, or told nobody: ${silent.join(', ')}`];
    }
  }
  return [];
}
