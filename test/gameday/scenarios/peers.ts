import { cloudControls } from '#local/cloud-controls.ts';
import { BAKERY, CLINIC } from '#test/support/webhooks.ts';
import type { Game } from '../game.ts';
import type { Scenario } from '../scenario.ts';

/** So many customers of a business write every minute. */
function customersWrite(game: Game, count: number, to = BAKERY): () => void {
  return game.everyMinute(() => {
    for (let each = 0; each < count; each += 1) game.write({ to });
  });
}

/** What follows when answers cannot be sent, or are not found, for a quarter of an hour. */
const WAITING_CUSTOMERS = [
  'chat-oldest-ring',
  'oldest-unfinished',
  'reconciliation-gap',
  'customers-unanswered',
] as const;

/** A process that was at work keeps its circuits open: it is ended once it is not. */
async function forgetCircuits(game: Game): Promise<void> {
  game.restart('processor');
  await game.untilAnswered();
  game.restart('processor');
}

export const tokenRevoked: Scenario = {
  name: 'token-revoked',
  story: 'WhatsApp no longer takes the bakery’s token, while the clinic’s customers are answered.',
  by: 'natural',
  steps: [
    {
      words: 'the bakery’s token is replaced at Meta, and nobody tells us',
      happens(game) {
        game.stack.world.numbers.replaceTokens(BAKERY, ['a-token-that-we-do-not-have']);
        customersWrite(game, 1);
        customersWrite(game, 6, CLINIC);
      },
      fires: [
        'token-revoked',
        'messages-parked',
        'chat-dead-letters',
        'graph-circuit-open',
        'tenant-cut-off',
      ],
    },
  ],
  mayFire: [],
  cure: {
    words: 'the bakery’s token is in its secret, and the dead letters are redriven',
    async happens(game) {
      const { world, cloud, callers } = game.stack;
      world.numbers.replaceTokens(BAKERY, ['local-token-bakery']);
      await forgetCircuits(game);
      cloudControls(cloud, callers).redrive(game.queue('ChatsDeadLetters'));
    },
  },
};

export const whatsAppDown: Scenario = {
  name: 'whatsapp-down',
  story: 'The Graph API refuses every send of every business, and says that it may be tried again.',
  by: 'natural',
  steps: [
    {
      words: 'every call is answered with error 4: too many of the app',
      happens(game) {
        game.lastingFault('graph', 'graph:4');
        customersWrite(game, 2);
        customersWrite(game, 1, CLINIC);
      },
      fires: ['sends-refused', 'graph-circuit-open', 'whatsapp-down'],
    },
  ],
  mayFire: ['tenant-cut-off', ...WAITING_CUSTOMERS],
  cure: {
    words: 'WhatsApp takes sends again',
    happens: forgetCircuits,
  },
};

export const modelDown: Scenario = {
  name: 'model-down',
  story: 'OpenAI no longer knows the model for a moment; then it fails; then it wants to be paid.',
  by: 'natural',
  steps: [
    {
      words: 'one call is answered with 404: there is no such model',
      happens(game) {
        game.restart('processor');
        game.fault('openai', 'status:404');
        game.write();
      },
      fires: ['model-unusable', 'model-unsteady'],
    },
    {
      words: 'every call is answered with 500',
      happens(game) {
        game.restart('processor');
        game.lastingFault('openai', 'status:500');
        // Each of them is tried ten times within moments: what is put off is not waited for here.
        customersWrite(game, 1);
      },
      fires: ['model-error-rate', 'model-circuit-open', 'model-down'],
    },
    {
      words: 'the account has no money left',
      happens(game) {
        game.stack.faults.clear();
        game.script(() => ({ kind: 'insufficient-quota' }));
        game.everyMinute(() => game.restart('processor'));
      },
      fires: ['model-quota-exhausted'],
    },
  ],
  mayFire: [...WAITING_CUSTOMERS],
  cure: {
    words: 'the bill is paid, and processes that remember another answer are gone',
    happens: forgetCircuits,
  },
};
