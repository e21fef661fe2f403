import { readEmf } from '#local/cloudwatch/read-emf.ts';
import { platformSecret } from '#local/put-secret.ts';
import { present } from '#test/support/builders.ts';
import type { Game } from '../game.ts';
import { faultEnds, type Scenario } from '../scenario.ts';
import { BACKUPS_COMPLETED, BACKUPS_FAILED } from '../start-game.ts';

const DAY_MS = 86_400_000;

export const secretTooOld: Scenario = {
  name: 'secret-too-old',
  story: 'The OpenAI key has been the same for two hundred days.',
  by: 'natural',
  steps: [
    {
      words: 'its age is told',
      happens: (game) => putKeyOf(game, 200),
      fires: ['secret-age'],
    },
  ],
  mayFire: {},
  cure: { words: 'the key is rotated', happens: (game) => putKeyOf(game, 0) },
};

async function putKeyOf(game: Game, days: number): Promise<void> {
  const openAiApiKey = { changedAt: new Date(Date.now() - days * DAY_MS).toISOString() };
  await game.putSecret('platform', {
    ...platformSecret(game.stack.cloud),
    times: { openAiApiKey },
  });
}

export const deadLetters: Scenario = {
  name: 'dead-letters',
  story: 'An event and a job are so broken that no try of thirty and of twenty can read them.',
  by: 'natural',
  steps: [
    {
      words: 'one message each is in the queues that is no event and no job',
      happens(game) {
        const { sqs } = game.stack.cloud;
        for (const queue of ['EventsQueue', 'JobsQueue']) {
          sqs.sendMessage(game.queue(queue), { body: '{}' });
        }
      },
      fires: ['events-dead-letters', 'jobs-dead-letters'],
    },
  ],
  // Neither of the ages: SQS leaves out of them what was received more than three times.
  mayFire: {},
  cure: {
    words: 'somebody has looked at them and deletes them',
    happens(game) {
      for (const queue of ['EventsDeadLetters', 'JobsDeadLetters']) {
        game.stack.cloud.sqs.purgeQueue(game.queue(queue));
      }
    },
  },
};

export const backupsMissed: Scenario = {
  name: 'backups-missed',
  story: 'A backup fails, and for days no other one is made.',
  by: 'put',
  steps: [
    {
      words: 'a failed backup is counted, and none that was completed',
      async happens(game) {
        game.measure({ ...BACKUPS_FAILED, value: 1 });
        await game.forget(BACKUPS_COMPLETED);
      },
      fires: ['backup-failed', 'backup-missing'],
    },
  ],
  mayFire: {},
  cure: {
    words: 'both tables are backed up again, and a day has passed',
    async happens(game) {
      await game.forget(BACKUPS_FAILED);
      const completed = { ...BACKUPS_COMPLETED, value: 1 };
      game.measure(completed, completed);
    },
  },
};

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
  mayFire: {},
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
  mayFire: {},
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
  mayFire: {},
  cure: faultEnds('the deployment is over'),
};

export const chatsFail: Scenario = {
  name: 'chats-fail',
  story: 'A release has a bug that breaks chat after chat.',
  // What is stored, answered or refused here breaks no chat: it is parked, put off, or made up for.
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
  mayFire: {},
  cure: faultEnds('the release is taken back'),
};
