import { webhookBody } from '#test/support/webhooks.ts';
import type { Game } from '../game.ts';
import { faultEnds, type Scenario } from '../scenario.ts';

/** All but the canary, which is called too seldom to be watched so. */
const FUNCTIONS = ['ingest', 'processor', 'events', 'jobs', 'sweeper', 'health', 'business'];

/** Each function is called twice: by its route where it has one, else as its source would. */
function callAll(game: Game): Promise<unknown> {
  const { cloud, url } = game.stack;
  const noRecords = JSON.stringify({ Records: [] });
  const calls = [1, 2].flatMap(() => [
    game.post(game.words(1)),
    fetch(`${url}/readyz`),
    game.askBusinessApi(),
    ...['processor', 'events', 'jobs', 'sweeper'].map((name) => cloud.invoke(name, noRecords)),
  ]);
  return Promise.allSettled(calls);
}

export const functionsFail: Scenario = {
  name: 'functions-fail',
  story: 'Every function hangs until its timeout, and is throttled every other time.',
  by: 'front-door',
  steps: [
    {
      words: 'one call a minute hangs in each function, and one is throttled',
      happens(game) {
        game.everyMinute(() => {
          for (const name of FUNCTIONS) {
            game.fault(`lambda:${name}`, 'timeout');
            game.fault(`lambda:${name}`, 'throttle');
          }
          return callAll(game);
        });
      },
      fires: [
        ...FUNCTIONS.flatMap((name) => [`${name}-errors`, `${name}-throttles`, `${name}-duration`]),
        'ingest-new-version-errors',
        'processor-new-version-errors',
        'api-server-errors',
        'webhook-error-rate',
        'business-api-server-errors',
        'business-api-failing',
        'webhooks-refused',
      ],
    },
  ],
  mayFire: {
    'webhooks-unsteady': 'by ingest, where webhooks-refused has not begun',
    'customers-unanswered': 'by the processor’s errors',
    'answers-at-risk': 'by its throttles, and the sweeper’s',
    'events-behind': 'by the events function',
    'jobs-behind': 'by the jobs function',
    'oldest-unfinished': 'minutes without a sweep count as bad',
    'canary-failed': 'its checks do not take place',
  },
  cure: faultEnds('the functions run again'),
};

/** In game minutes. */
const OVER_AN_HOUR = 61;

export const queuesPileUp: Scenario = {
  name: 'queues-pile-up',
  story: 'The account’s concurrency is used up: what takes from the queues is throttled for long.',
  by: 'front-door',
  steps: [
    {
      words: 'jobs are throttled; one of them is an hour old',
      async happens(game) {
        const { sqs } = game.stack.cloud;
        const jobs = game.queue('JobsQueue');
        game.lastingFault('lambda:jobs', 'throttle');
        game.write();
        await game.until('there is a job', () => sqs.peek(jobs).length > 0);
        const [job] = sqs.peek(jobs);
        if (job) sqs.sendAsOf(jobs, { body: job.body }, Date.now() - OVER_AN_HOUR * game.minuteMs);
      },
      fires: ['jobs-oldest-job', 'jobs-throttles', 'jobs-behind'],
    },
    {
      words: 'the processor and events are throttled as well, and two customers write each minute',
      happens(game) {
        game.lastingFault('lambda:processor', 'throttle');
        game.lastingFault('lambda:events', 'throttle');
        const customers = Array.from({ length: 6 }, () => game.customer());
        let turn = 0;
        game.everyMinute(async () => {
          for (const from of customers.slice(turn % 6, (turn % 6) + 2)) game.write({ from });
          turn += 2;
          const status = { id: 'wamid.X', status: 'sent', timestamp: '1790400000' };
          await game.post(webhookBody('900000000000001', { statuses: [status] }));
        });
      },
      fires: [
        'processor-throttles',
        'events-throttles',
        'events-oldest-event',
        'events-behind',
        'chat-oldest-ring',
        'oldest-unfinished',
        'reconciliation-gap',
        'customers-unanswered',
      ],
    },
  ],
  mayFire: {
    'answers-at-risk': 'by the processor’s throttles, until customers are unanswered',
    'processor-concurrency': 'what has piled up is worked off by all at once',
    'canary-failed': 'its checks are not answered either',
    'canary-unanswered':
      'its checks are looked at for a quarter of an hour after the last that failed',
  },
  muted: ['canary-unanswered'],
  cure: faultEnds('there is concurrency again, and the queues drain'),
};

export const processorBusy: Scenario = {
  name: 'processor-busy',
  story: 'WhatsApp takes its time with each call, so that nearly every process is at work.',
  by: 'natural',
  steps: [
    {
      words: 'the Graph API takes a second for each call, and fourteen customers wait at any time',
      happens(game) {
        game.lastingFault('graph', 'slow:1000');
        const chats = game.queue('ChatsQueue');
        // One by one: while webhooks wait for ingest, queues make way for them here (docs/local-cloud.md).
        game.every(1 / 14, () => {
          if (game.stack.cloud.sqs.peek(chats).length < 14) game.write();
        });
      },
      fires: ['processor-concurrency', 'answers-at-risk'],
    },
  ],
  mayFire: {
    'oldest-unfinished': 'a busy machine takes ten game minutes for what it puts aside',
    'chat-oldest-ring': 'of fourteen that wait one does so for four seconds, on a busy machine',
    'reconciliation-gap':
      'fourteen are always under way, which is more than is tolerated of so few',
    'customers-unanswered': 'by the two before',
  },
  cure: faultEnds('WhatsApp answers at once'),
};
