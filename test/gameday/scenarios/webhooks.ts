import { webhookBody } from '#test/support/webhooks.ts';
import type { Game } from '../game.ts';
import { faultEnds, type Scenario } from '../scenario.ts';
import { addOwnApp } from '../tenants.ts';

const NOTHING_NEW = JSON.stringify({ object: 'whatsapp_business_account', entry: [] });

function repeated(times: number, act: () => Promise<unknown>): Promise<unknown> {
  return Promise.all(Array.from({ length: times }, act));
}

export const webhooksSlowAndForged: Scenario = {
  name: 'webhooks-slow-and-forged',
  story: 'Ingest becomes slow; then most webhooks are signed by another secret than ours.',
  by: 'front-door',
  steps: [
    {
      words: 'one webhook in ten takes a second and a half',
      happens(game) {
        const stop = game.everyMinute(() => {
          game.fault('lambda:ingest', 'slow:1500', 3);
          return repeated(30, () => game.post(NOTHING_NEW));
        });
        afterSlow.set(game, stop);
      },
      fires: ['webhook-slow', 'webhooks-unsteady'],
    },
    {
      words: 'twenty webhooks a minute come with a signature by somebody else’s secret',
      happens(game) {
        afterSlow.get(game)?.();
        game.everyMinute(() =>
          repeated(20, () => game.post(NOTHING_NEW, { secret: 'not the app secret' })),
        );
      },
      fires: ['signatures-rejected', 'webhooks-refused'],
    },
  ],
  mayFire: {},
  cure: faultEnds('ingest is fast again, and Meta and we have the same secret'),
};

/** How each game ends the traffic of its first step. */
const afterSlow = new WeakMap<Game, () => void>();

/** Statuses of replies, by other numbers each time: ingest looks up whose each of them is. */
function statusesOfNumbers(count: number): string {
  const entries = Array.from({ length: count }, () => {
    const number = `9${String(Math.floor(Math.random() * 1e14)).padStart(14, '0')}`;
    const status = { id: 'wamid.X', status: 'sent', timestamp: '1790400000', recipient_id: '1' };
    return JSON.parse(webhookBody(number, { statuses: [status] })).entry[0];
  });
  return JSON.stringify({ object: 'whatsapp_business_account', entry: entries });
}

const OWN_APP = { path: '/webhook/game-day', secret: 'game-day-secret' };

/**
 * Ten at once at either table, of which most first tries are refused; so few that hardly one is refused three
 * times, and its webhook with it. The words are the same each time:
 * a webhook that comes again is looked at in the table, and nobody has to be answered a second time.
 */
function refusals(game: Game, fault: string, words: string): () => void {
  return game.everyMinute(async () => {
    game.fault('dynamodb', fault, 8);
    await game.post(words);
    game.fault('dynamodb', fault, 8);
    await game.post(statusesOfNumbers(10), OWN_APP);
  });
}

const tablesTraffic = new WeakMap<Game, { readonly words: string; readonly stop: () => void }>();

export const tablesRefuse: Scenario = {
  name: 'tables-refuse',
  story: 'DynamoDB throttles some requests at both tables, and later fails some.',
  by: 'front-door',
  steps: [
    {
      words: 'eight requests a minute at each table are throttled',
      async happens(game) {
        await addOwnApp(game.stack.cloud, 'game-day', OWN_APP.secret);
        const words = game.words(10);
        await game.post(words);
        await game.untilAnswered();
        tablesTraffic.set(game, { words, stop: refusals(game, 'throttle', words) });
      },
      fires: ['tenants-throttles', 'conversations-throttles', 'tables-failing'],
    },
    {
      words: 'and then answered 500',
      happens(game) {
        const { words = '', stop } = tablesTraffic.get(game) ?? {};
        stop?.();
        refusals(game, 'status:500', words);
      },
      fires: ['tenants-system-errors', 'conversations-system-errors'],
    },
  ],
  mayFire: {
    'api-server-errors': 'ingest cannot store what its last try was refused',
    'webhook-error-rate': 'as before',
    'webhooks-refused': 'by the one before',
    'webhook-slow': 'what is refused is tried again',
    'webhooks-unsteady': 'by the first, and the one before',
    'events-oldest-event': 'the refusals meet the events function as well, which tries for seconds',
    'events-behind': 'by the one before',
    'sweeper-errors': 'they meet the sweeper as well, which asks every minute',
    'answers-at-risk': 'by the one before',
    'canary-failed': 'they meet its checks as well',
    'oldest-unfinished': 'they meet what is to be answered as well',
    'chat-oldest-ring': 'as before',
    'customers-unanswered': 'by the two before',
    'canary-unanswered': 'by the one before, where webhooks are not refused',
  },
  cure: faultEnds('DynamoDB takes everything again'),
};
