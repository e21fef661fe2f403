import { BAKERY, CLINIC } from '#test/support/webhooks.ts';
import { Game } from './game.ts';
import { playRound } from './play-round.ts';
import type { AlarmStory } from './referee.ts';
import { announce, listOf, tellOf } from './report.ts';
import { ROUNDS, SCENARIOS } from './scenarios/all.ts';
import { type StartedGame, startGame } from './start-game.ts';

const USAGE = `npm run gameday -- <scenario> [<scenario> …]   play these, one after the other
npm run gameday -- all                         play all, those together that do not disturb each other
npm run gameday                                list them

Starts the local stack with a minute of half a second, makes something go wrong, and shows which alarms
go off, whom they tell, and that they recover: docs/gameday.md. CONCIERGE_LOG=1 shows the functions' logs.
`;

async function main(wanted: readonly string[]): Promise<number> {
  if (wanted.length === 0 || wanted.includes('--help')) {
    console.log([USAGE, ...listOf(SCENARIOS)].join('\n'));
    return 0;
  }
  const unknown = wanted.find((name) => name !== 'all' && !SCENARIOS.some((s) => s.name === name));
  if (unknown !== undefined) {
    console.error(`There is no scenario ${unknown}; npm run gameday lists them`);
    return 2;
  }
  const rounds = wanted.includes('all')
    ? ROUNDS
    : wanted.map((name) => SCENARIOS.filter((scenario) => scenario.name === name));
  const startedMs = performance.now();
  console.log('Synthesizing the app and starting its stack; a minute lasts half a second…');
  const game = await startGame();
  try {
    const failed = await playAll(game, rounds);
    const seconds = Math.round((performance.now() - startedMs) / 1000);
    console.log(
      failed === 0
        ? `All as it should be, in ${seconds} s.`
        : `${failed} things were not as they should be (NOT PROVEN above), in ${seconds} s.`,
    );
    return failed === 0 ? 0 : 1;
  } finally {
    await game.close();
  }
}

async function playAll({ stack }: StartedGame, rounds: typeof ROUNDS): Promise<number> {
  let problems = 0;
  await warmUp(new Game(stack, 0));
  let firstNumber = 1;
  let before: readonly AlarmStory[] = [];
  for (const scenarios of rounds) {
    console.log(['', ...scenarios.map(announce)].join('\n'));
    const report = await playRound(stack, scenarios, { firstNumber, before }, console.log);
    firstNumber += scenarios.length;
    before = report.stories;
    problems += report.problems.length;
    console.log(tellOf(report).join('\n'));
  }
  return problems;
}

/** What a machine does only once, such as to start a first process, is no part of any fault. */
async function warmUp(game: Game): Promise<void> {
  for (const business of [BAKERY, CLINIC]) await game.post(game.words(2, business));
  await game.askBusinessApi();
  await game.untilAnswered();
}

// Ended outright: what is left of a fault may hold a timer for long.
process.exit(await main(process.argv.slice(2)));
