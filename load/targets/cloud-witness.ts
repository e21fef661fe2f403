import {
  type CloudWatchClient,
  GetMetricDataCommand,
  type GetMetricDataCommandOutput,
} from '@aws-sdk/client-cloudwatch';
import { GetQueueAttributesCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { OperatorError } from '../../bin/operator/operator-error.ts';
import { countsBy, METRICS_OF, type Witness } from './target.ts';

export interface CloudWitnessDeps {
  readonly namespace: string;
  readonly queues: readonly string[];
  readonly deadLetters: readonly string[];
  readonly cloudWatch: Pick<CloudWatchClient, 'send'>;
  readonly sqs: Pick<SQSClient, 'send'>;
  now(): number;
}

const MINUTE_MS = 60_000;
/** Metrics come in by log lines, which takes a minute or two. */
const PATIENCE_MS = 8 * MINUTE_MS;

const WANTED = Object.values(METRICS_OF).flat();

/** What a stage's own metrics and queues tell, from the minute in which the run begins. */
export function cloudWitness(deps: CloudWitnessDeps): Witness {
  const fromMs = Math.floor(deps.now() / MINUTE_MS) * MINUTE_MS;
  return {
    everyMs: 15_000,
    patienceMs: PATIENCE_MS,
    // The canary, every two minutes at the most, and what came in the minute before the run.
    strangersIn: (ms) => 1 + Math.ceil((ms + MINUTE_MS) / (2 * MINUTE_MS)),
    look: async () => {
      const [sums, backlog, deadLetters] = await asking(
        Promise.all([
          readSums(fromMs, deps),
          lengthOf(deps.queues, deps),
          lengthOf(deps.deadLetters, deps),
        ]),
      );
      const counts = countsBy((service, metric) => sums.get(idOf(service, metric)) ?? 0);
      return { atMs: deps.now(), counts, backlog, deadLetters };
    },
  };
}

async function readSums(
  fromMs: number,
  { namespace, cloudWatch, now }: CloudWitnessDeps,
): Promise<ReadonlyMap<string, number>> {
  const queries = WANTED.map(([service, metric]) => ({
    Id: idOf(service, metric),
    MetricStat: {
      Metric: {
        Namespace: namespace,
        MetricName: metric,
        Dimensions: [{ Name: 'service', Value: service }],
      },
      Period: MINUTE_MS / 1_000,
      Stat: 'Sum',
    },
  }));
  const command = new GetMetricDataCommand({
    StartTime: new Date(fromMs),
    EndTime: new Date(now() + MINUTE_MS),
    MetricDataQueries: queries,
  });
  const { MetricDataResults: results = [] }: GetMetricDataCommandOutput =
    await cloudWatch.send(command);
  return new Map(
    results.map(({ Id: id = '', Values: values = [] }) => [
      id,
      values.reduce((sum, value) => sum + value, 0),
    ]),
  );
}

/** CloudWatch wants a small letter first. */
function idOf(service: string, metric: string): string {
  return `${service}_${metric}`;
}

async function lengthOf(
  urls: readonly string[],
  { sqs }: Pick<CloudWitnessDeps, 'sqs'>,
): Promise<number> {
  const lengths = await Promise.all(
    urls.map(async (QueueUrl) => {
      const { Attributes: attributes = {} } = await sqs.send(
        new GetQueueAttributesCommand({
          QueueUrl,
          AttributeNames: [
            'ApproximateNumberOfMessages',
            'ApproximateNumberOfMessagesNotVisible',
            'ApproximateNumberOfMessagesDelayed',
          ],
        }),
      );
      return Object.values(attributes).reduce((sum, length) => sum + Number(length), 0);
    }),
  );
  return lengths.reduce((sum, length) => sum + length, 0);
}

async function asking<Asked>(asked: Promise<Asked>): Promise<Asked> {
  try {
    return await asked;
  } catch (cause) {
    const why = cause instanceof Error ? cause.name : 'unknown';
    throw new OperatorError(
      `The stage does not tell what became of the messages (${why}): the credentials need cloudwatch:GetMetricData and sqs:GetQueueAttributes. The deployer's role has them once npm run deployer has run again.`,
      { cause },
    );
  }
}
