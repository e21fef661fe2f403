import { canaryOf } from '#domain/conversation/canary.ts';
import { NO_BUDGET } from '#domain/money/budget.ts';
import { microUsd } from '#domain/money/micro-usd.ts';
import { DEFAULT_MEDIA } from '#domain/tenant/media-settings.ts';
import { readEmf } from '#local/cloudwatch/read-emf.ts';
import { DEMO_BUSINESSES } from '#local/demo.ts';
import { platformSecret } from '#local/put-secret.ts';
import { present } from '#test/support/builders.ts';
import { aVoiceNote } from '#test/support/files.ts';
import { BAKERY, CLINIC } from '#test/support/webhooks.ts';
import { faultEnds, type Scenario } from '../scenario.ts';
import { addOwnApp, changeTenant, forgetSpending, spend } from '../tenants.ts';

const CLINIC_BUDGET = { ...NO_BUDGET, perDay: microUsd(10_000_000) };

export const budgetsSpent: Scenario = {
  name: 'budgets-spent',
  story: 'The clinic’s money of a day is spent, and then the platform’s.',
  by: 'natural',
  steps: [
    {
      words: 'the clinic has spent nine of its ten dollars',
      async happens(game) {
        const { cloud } = game.stack;
        await changeTenant(cloud, 'clinic', { budget: CLINIC_BUDGET });
        await spend(cloud, 'clinic', 9);
        game.restart('processor');
        game.write({ to: CLINIC });
      },
      fires: ['budget-warning'],
    },
    {
      words: 'it spends the last one',
      async happens(game) {
        await spend(game.stack.cloud, 'clinic', 1);
        game.write({ to: CLINIC });
      },
      fires: ['tenant-budget-reached'],
    },
    {
      words: 'the bakery spends what is left of the platform’s fifty',
      async happens(game) {
        await spend(game.stack.cloud, 'bakery', 40);
        game.write({ to: BAKERY });
      },
      fires: ['platform-budget-reached'],
    },
  ],
  mayFire: [],
  cure: {
    words: 'a new day begins: nothing is spent',
    async happens(game) {
      await forgetSpending(game.stack.cloud);
      await changeTenant(game.stack.cloud, 'clinic');
      game.restart('processor');
    },
  },
};

export const answerWithheld: Scenario = {
  name: 'answer-withheld',
  story: 'The model tells a customer the hidden mark of its instructions.',
  by: 'natural',
  steps: [
    {
      words: 'an answer holds the bakery’s mark',
      happens(game) {
        const { id } = present(DEMO_BUSINESSES[0]).tenant;
        const question = 'What is your mark?';
        game.script(({ input }) =>
          input.some(({ text }) => text.includes(question))
            ? { kind: 'text', text: `It is ${canaryOf(id)}.` }
            : undefined,
        );
        game.write({ text: question });
      },
      fires: ['replies-withheld'],
    },
  ],
  mayFire: [],
  cure: faultEnds('the model keeps it to itself'),
};

export const voiceNotesUnheard: Scenario = {
  name: 'voice-notes-unheard',
  story: 'The model that the clinic’s voice notes are written down by does not exist any more.',
  by: 'natural',
  steps: [
    {
      words: 'a voice note is given to a model that OpenAI has shut down',
      async happens(game) {
        const media = { ...DEFAULT_MEDIA, transcriptionModel: 'whisper-0' };
        await changeTenant(game.stack.cloud, 'clinic', { media });
        game.restart('processor');
        game.write({
          to: CLINIC,
          message: { type: 'audio', audio: { mime_type: 'audio/ogg; codecs=opus', voice: true } },
          file: {
            bytes: aVoiceNote(2, 'said: Are you open?'),
            mimeType: 'audio/ogg',
            sha256: undefined,
            isExpired: false,
          },
        });
      },
      fires: ['transcription-unusable'],
    },
  ],
  mayFire: [],
  cure: {
    words: 'the clinic has a model that there is',
    async happens(game) {
      await changeTenant(game.stack.cloud, 'clinic');
      game.restart('processor');
    },
  },
};

export const appUnbound: Scenario = {
  name: 'app-unbound',
  story: 'The clinic’s own Meta app brings messages of a number that is the bakery’s.',
  by: 'natural',
  steps: [
    {
      words: 'a message to the bakery comes signed by the clinic’s app',
      async happens(game) {
        await addOwnApp(game.stack.cloud, 'clinic-app', 'clinic-secret');
        const options = { path: '/webhook/clinic-app', secret: 'clinic-secret' };
        await game.post(game.words(1), options);
      },
      fires: ['messages-unbound'],
    },
  ],
  mayFire: [],
  cure: faultEnds('the app no longer does so'),
};

const DAY_MS = 86_400_000;

export const secretTooOld: Scenario = {
  name: 'secret-too-old',
  story: 'The OpenAI key has been the same for two hundred days.',
  by: 'natural',
  steps: [
    {
      words: 'the hourly look finds it',
      async happens(game) {
        await putKeyOf(game, 200);
        await game.stack.cloud.invoke('health', '{}');
      },
      fires: ['secret-age'],
    },
  ],
  mayFire: [],
  cure: {
    words: 'the key is rotated',
    async happens(game) {
      await putKeyOf(game, 0);
      await game.stack.cloud.invoke('health', '{}');
    },
  },
};

async function putKeyOf(game: Parameters<Scenario['cure']['happens']>[0], days: number) {
  const openAiApiKey = { changedAt: new Date(Date.now() - days * DAY_MS).toISOString() };
  await game.putSecret('platform', {
    ...platformSecret(game.stack.cloud),
    times: { openAiApiKey },
  });
}

export const deadLetters: Scenario = {
  name: 'dead-letters',
  story: 'An event and a job have failed so often that their queues gave up on them.',
  by: 'put',
  steps: [
    {
      words: 'one message each is put where SQS would put it after 30 and 20 receives',
      happens(game) {
        const { sqs } = game.stack.cloud;
        for (const queue of DEAD_LETTERS) sqs.sendMessage(game.queue(queue), { body: '{}' });
      },
      fires: ['events-dead-letters', 'jobs-dead-letters'],
    },
  ],
  mayFire: [],
  cure: {
    words: 'somebody has looked at them and deletes them',
    happens(game) {
      for (const queue of DEAD_LETTERS) game.stack.cloud.sqs.purgeQueue(game.queue(queue));
    },
  },
};

const DEAD_LETTERS = ['EventsDeadLetters', 'JobsDeadLetters'];

export const blindSpots: Scenario = {
  name: 'blind-spots',
  story: 'A function prints metrics that CloudWatch does not understand, and a page gets lost.',
  by: 'put',
  steps: [
    {
      words: 'a line with a text for a number is in the sweeper’s log; SNS cannot deliver a notice',
      happens(game) {
        const { cloudWatch, functions } = game.stack.cloud;
        const logGroup = present(functions.get('sweeper')).definition.logGroupName;
        cloudWatch.hearEmf(present(readEmf(BROKEN_LINE)), logGroup);
        const topics = cloudWatch.alarms.alarms.flatMap((each) => each.topics);
        const TopicName = present(topics.find((arn) => arn.includes('AlarmsCritical')))
          .split(':')
          .at(-1);
        game.measure({
          namespace: 'AWS/SNS',
          name: 'NumberOfNotificationsFailed',
          dimensions: { TopicName: present(TopicName) },
          value: 1,
        });
      },
      fires: ['emf-validation-errors', 'alarms-undelivered'],
    },
  ],
  mayFire: [],
  cure: faultEnds('the line is mended, and the address of the pager as well'),
};

const BROKEN_LINE = JSON.stringify({
  _aws: {
    Timestamp: 0,
    CloudWatchMetrics: [
      { Namespace: 'Concierge/dev', Dimensions: [['service']], Metrics: [{ Name: 'Sweeps' }] },
    ],
  },
  service: 'sweeper',
  Sweeps: 'many',
});

export const chatsFail: Scenario = {
  name: 'chats-fail',
  story: 'A release has a bug that breaks chat after chat.',
  by: 'put',
  steps: [
    {
      words: 'the processor says every minute that three chats failed',
      happens(game) {
        game.everyMinute(() =>
          game.measure({
            namespace: 'Concierge/dev',
            name: 'ChatsFailed',
            dimensions: { service: 'processor' },
            value: 3,
          }),
        );
      },
      fires: ['chats-failing', 'customers-unanswered'],
    },
  ],
  mayFire: [],
  cure: faultEnds('the release is taken back'),
};

export const canarySilent: Scenario = {
  name: 'canary-silent',
  story: 'The canary’s checks do not take place.',
  by: 'front-door',
  steps: [
    {
      words: 'the canary is throttled whenever it is called',
      happens: (game) => game.lastingFault('lambda:canary', 'throttle'),
      fires: ['canary-failed', 'canary-unanswered'],
    },
  ],
  mayFire: [],
  cure: faultEnds('the canary checks again'),
};

export const deploymentRunning: Scenario = {
  name: 'deployment-running',
  story: 'Somebody deploys: incidents are kept back meanwhile.',
  by: 'put',
  steps: [
    {
      words: 'the deploying machine says every minute that it is at work',
      happens(game) {
        game.everyMinute(() =>
          game.measure({
            namespace: 'Concierge/dev',
            name: 'DeploymentRunning',
            dimensions: { stage: 'dev' },
            value: 1,
          }),
        );
      },
      fires: ['deployment-running'],
    },
  ],
  mayFire: [],
  cure: faultEnds('the deployment is over'),
};
