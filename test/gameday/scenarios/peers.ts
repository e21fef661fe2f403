import { BAKERY, CLINIC } from '#test/support/webhooks.ts';
import { forgetCircuits, redriveParked } from '../cures.ts';
import type { Game } from '../game.ts';
import type { Scenario } from '../scenario.ts';

/** So many customers of a business write every minute, or every few. */
function customersWrite(game: Game, count: number, to = BAKERY, minutes = 1): () => void {
  return game.every(minutes, () => {
    for (let each = 0; each < count; each += 1) game.write({ to });
  });
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
        // Not every minute: what a small machine cannot answer in time would be a trouble of its own.
        customersWrite(game, 1, BAKERY, 2);
        customersWrite(game, 6, CLINIC, 2);
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
  mayFire: {},
  cure: {
    words: 'the bakery’s token is in its secret, and the dead letters are redriven',
    async happens(game) {
      game.stack.world.numbers.replaceTokens(BAKERY, ['local-token-bakery']);
      await redriveParked(game);
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
        // Each of them is tried again and again, without the waits of the cloud.
        customersWrite(game, 2, BAKERY, 2);
        customersWrite(game, 1, CLINIC, 2);
      },
      fires: ['sends-refused', 'graph-circuit-open', 'whatsapp-down'],
    },
  ],
  mayFire: {
    'tenant-cut-off': 'open circuits are its symptom as well, and may be so a little longer',
    'oldest-unfinished': 'nobody is answered for as long as it lasts',
    'chat-oldest-ring': 'a chat that is put off keeps its ring',
    'reconciliation-gap': 'what is accepted piles up',
    'customers-unanswered': 'the backlog is left when WhatsApp is back',
    'processor-concurrency': 'what is put off comes back at once here, and keeps all at work',
    'answers-at-risk': 'by the one before, when WhatsApp is back',
    'canary-failed': 'its checks wait behind what keeps all at work',
    'canary-unanswered': 'by the one before, where no answers are said to be missing',
  },
  muted: ['tenant-cut-off', 'customers-unanswered', 'answers-at-risk'],
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
        game.mend('openai');
        game.script(() => ({ kind: 'insufficient-quota' }));
        game.every(10, () => game.restart('processor'));
      },
      fires: ['model-quota-exhausted'],
    },
  ],
  mayFire: {
    'canary-failed': 'its checks are answered by the same model',
    'canary-unanswered':
      'its checks are looked at for a quarter of an hour after the last that failed',
    'oldest-unfinished': 'calls that fail are put off',
    'chat-oldest-ring': 'a chat that is put off keeps its ring',
    'reconciliation-gap': 'what is put off piles up',
    'customers-unanswered': 'by the three before',
  },
  // Not customers-unanswered: a model that fails is made up for by the fallback, so who hears nothing is news.
  muted: ['canary-unanswered'],
  cure: {
    words: 'the bill is paid, and processes that remember another answer are gone',
    happens: forgetCircuits,
  },
};
