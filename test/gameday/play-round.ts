import type { AlarmView } from '#local/cloudwatch/alarm-book.ts';
import { MINUTE_MS } from '#local/cloudwatch/metric-store.ts';
import type { LocalStack } from '#local/stack.ts';
import { isEcho, shortName } from './alarm-names.ts';
import { Game } from './game.ts';
import { namedBy, type Scenario } from './scenario.ts';

/** One alarm's way through a round, in game minutes since the round began. */
export interface AlarmStory {
  readonly alarm: string;
  readonly description: string;
  readonly firedAt: number | undefined;
  readonly recoveredAt: number | undefined;
  /** The severities whose topics were told; none where it is part of a composite that tells. */
  readonly told: readonly string[];
}

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

const LOOK_EVERY_MS = 50;

type Tell = (line: string) => void;

/** Plays scenarios at once, which do not get in each other's way, on a stack where no alarm is off. */
export async function playRound(
  stack: LocalStack,
  scenarios: readonly Scenario[],
  firstNumber: number,
  tell: Tell,
): Promise<RoundReport> {
  const referee = new Referee(stack);
  const isFirst = firstNumber === 1;
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
  const named = scenarios.flatMap(namedBy);
  if (!(await referee.until(() => referee.areAllOk(), LONGEST_TO_RECOVER))) {
    problems.push(`these did not recover: ${referee.off().join(', ')}`);
  }
  const stories = referee.stories();
  const unexpected = stories.map(({ alarm }) => alarm).filter((alarm) => !named.includes(alarm));
  for (const alarm of unexpected) problems.push(`${alarm} went off, and no scenario says so`);
  const muted = scenarios.flatMap((scenario) => scenario.muted ?? []);
  for (const { alarm, told } of stories) {
    if (muted.includes(alarm) && told.length > 0) {
      problems.push(`${alarm} told people what another incident had told them`);
    }
  }
  return { scenarios, stories, problems, minutes: referee.minutes() };
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

/** Looks at the alarms of one round. */
class Referee {
  readonly #stack: LocalStack;
  #beganMs: number;

  constructor(stack: LocalStack) {
    this.#stack = stack;
    this.#beganMs = stack.cloud.cloudWatch.pace.clock.now();
  }

  begin(): void {
    this.#beganMs = this.#stack.cloud.cloudWatch.pace.clock.now();
  }

  minutes(): number {
    return this.#minutesSince(this.#stack.cloud.cloudWatch.pace.clock.now());
  }

  async until(holds: () => boolean, minutes: number): Promise<boolean> {
    const { clock } = this.#stack.cloud.cloudWatch.pace;
    const deadlineMs = clock.now() + minutes * MINUTE_MS;
    while (!holds()) {
      if (clock.now() > deadlineMs) return false;
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
    return true;
  }

  /** One that was never measured, such as once a day, is not off. */
  areAllOk(): boolean {
    return this.off().length === 0;
  }

  off(): readonly string[] {
    return this.#alarms()
      .filter(({ state }) => state === 'ALARM')
      .map(({ name }) => shortName(name));
  }

  /** Went off since the round began, and told whoever it tells; or another incident told them in its place. */
  haveFired(wanted: readonly string[]): boolean {
    const stories = this.stories();
    return wanted.every((alarm) => {
      const story = stories.find((each) => each.alarm === alarm);
      const view = this.#alarms().find(({ name }) => shortName(name) === alarm);
      const isHeard = view?.topics.length === 0 || (story?.told.length ?? 0) > 0;
      return story !== undefined && (isHeard || this.#isExplained(alarm));
    });
  }

  stories(): readonly AlarmStory[] {
    const { changes } = this.#stack.cloud.cloudWatch.alarms;
    const since = changes.filter(({ atMs, alarm }) => atMs > this.#beganMs && !isEcho(alarm));
    const fired = [...new Set(since.filter(({ to }) => to === 'ALARM').map(({ alarm }) => alarm))];
    return fired.map((alarm) => {
      const own = since.filter((change) => change.alarm === alarm);
      const firedAt = own.find(({ to }) => to === 'ALARM')?.atMs;
      const last = own.at(-1);
      return {
        alarm: shortName(alarm),
        description: this.#alarms().find(({ name }) => name === alarm)?.description ?? '',
        firedAt: firedAt === undefined ? undefined : this.#minutesSince(firedAt),
        recoveredAt: last?.to === 'OK' ? this.#minutesSince(last.atMs) : undefined,
        told: this.#toldBy(alarm),
      };
    });
  }

  #isExplained(alarm: string): boolean {
    return this.#stack.cloud.cloudWatch.alarms.changes.some(
      ({ atMs, alarm: name, to }) =>
        atMs > this.#beganMs && to === 'ALARM' && shortName(name) === `${alarm}-explained`,
    );
  }

  #toldBy(alarm: string): readonly string[] {
    const notices = this.#stack.cloud.cloudWatch.alarms.notices.filter(
      (each) => each.alarm === alarm && each.state === 'ALARM' && each.atMs > this.#beganMs,
    );
    const topics = notices.flatMap((notice) => notice.topics);
    return [...new Set(topics.map(severityOf))];
  }

  #alarms(): readonly AlarmView[] {
    return this.#stack.cloud.cloudWatch.alarms.alarms.filter(({ name }) => !isEcho(name));
  }

  #minutesSince(atMs: number): number {
    return Math.round((atMs - this.#beganMs) / MINUTE_MS);
  }
}

/** The template names each topic after its severity. */
function severityOf(topicArn: string): string {
  const name = /Alarms(Critical|High|Medium|Low)/.exec(topicArn)?.[1];
  return name?.toLowerCase() ?? topicArn;
}
