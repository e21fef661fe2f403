import { expect, it } from 'vitest';
import { OperatorError } from '#operator/operator-error.ts';
import { cloudWitness } from '../../../load/targets/cloud-witness.ts';

const START_MS = Date.UTC(2026, 10, 26, 12, 0, 42);

interface Asked {
  readonly input: {
    readonly QueueUrl?: string;
    readonly StartTime?: Date;
    readonly MetricDataQueries?: readonly {
      readonly Id: string;
      readonly MetricStat: {
        readonly Metric: {
          readonly Namespace: string;
          readonly MetricName: string;
          readonly Dimensions: readonly { readonly Value: string }[];
        };
      };
    }[];
  };
}

function aStage(values: Readonly<Record<string, readonly number[]>>) {
  const asked: Asked['input'][] = [];
  const answer = async ({ input }: Asked) => {
    asked.push(input);
    if (input.QueueUrl !== undefined) {
      return {
        Attributes: input.QueueUrl.endsWith('dead')
          ? { ApproximateNumberOfMessages: '4' }
          : { ApproximateNumberOfMessages: '2', ApproximateNumberOfMessagesNotVisible: '3' },
      };
    }
    return {
      MetricDataResults: (input.MetricDataQueries ?? []).map(({ Id, MetricStat }) => ({
        Id,
        Values: values[MetricStat.Metric.MetricName],
      })),
    };
  };
  const witness = cloudWitness({
    namespace: 'Concierge/staging',
    queues: ['https://sqs/chats'],
    deadLetters: ['https://sqs/dead', 'https://sqs/other-dead'],
    cloudWatch: { send: answer },
    sqs: { send: answer },
    now: () => START_MS,
  });
  return { witness, asked };
}

it('adds up what the stage counted since the run began, and looks into its queues', async () => {
  const { witness, asked } = aStage({
    MessagesAccepted: [300, 200],
    MessagesAnswered: [499],
    StatusesMerged: [1],
    StatusesUnmatched: [6],
  });
  const look = await witness.look();
  expect(look).toMatchObject({
    counts: { accepted: 500, answered: 499, handled: 7, parked: 0 },
    backlog: 5,
    deadLetters: 8,
  });
  const metrics = asked.find(({ MetricDataQueries }) => MetricDataQueries !== undefined);
  expect(metrics?.StartTime).toEqual(new Date(Date.UTC(2026, 10, 26, 12, 0, 0)));
  const names = metrics?.MetricDataQueries?.map(({ MetricStat: { Metric } }) => [
    Metric.Namespace,
    Metric.Dimensions[0]?.Value,
    Metric.MetricName,
  ]);
  expect(names).toContainEqual(['Concierge/staging', 'ingest', 'MessagesAccepted']);
  expect(names).toContainEqual(['Concierge/staging', 'processor', 'MessagesAnswered']);
});

it('lets the canary be among the counts, once in two minutes at the most', () => {
  const { witness } = aStage({});
  expect([0, 60_000, 600_000].map((ms) => witness.strangersIn(ms))).toEqual([2, 2, 7]);
});

it('says what the credentials lack', async () => {
  const refuse = async () => {
    throw Object.assign(new Error('no'), { name: 'AccessDeniedException' });
  };
  const witness = cloudWitness({
    namespace: 'Concierge/staging',
    queues: [],
    deadLetters: [],
    cloudWatch: { send: refuse },
    sqs: { send: refuse },
    now: () => START_MS,
  });
  await expect(witness.look()).rejects.toThrow(OperatorError);
  await expect(witness.look()).rejects.toThrow(/AccessDenied.*cloudwatch:GetMetricData/);
});
