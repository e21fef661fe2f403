import { Duration, Validations } from 'aws-cdk-lib';
import { EventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { JobsEnv } from '#lambdas/jobs/config.ts';
import type { JobsQueue } from '../constructs/jobs-queue.ts';
import { type FunctionSurroundings, NodeLambda } from '../constructs/node-lambda.ts';
import { queueConsumerActions } from './actions.ts';

export interface JobsFunctionProps extends FunctionSurroundings {
  readonly jobs: JobsQueue;
}

/** Long enough for a call of a model or of a business's server, with room for writing. */
export const jobsTimeout = Duration.seconds(60);

/** Does what no customer waits for. */
export class JobsFunction extends NodeLambda<JobsEnv> {
  constructor(scope: Construct, id: string, props: JobsFunctionProps) {
    const { jobs } = props;
    super(scope, id, props, {
      folder: 'jobs',
      description: 'Does after the reply what no customer waits for',
      environment: { JOBS_QUEUE_URL: jobs.queue.queueUrl },
      timeout: jobsTimeout,
      memoryMb: 512,
      sourceMap: true,
      alarm: {
        impact: 'Businesses are not told of chats, and what customers say is not remembered.',
        severity: 'ticket',
      },
    });
    this.allow([...queueConsumerActions, 'sqs:ChangeMessageVisibility'], jobs.queue.queueArn);

    const source = new EventSourceMapping(this, 'Jobs', {
      target: this.lambda,
      eventSourceArn: jobs.queue.queueArn,
      batchSize: 10,
      reportBatchItemFailures: true,
      // Nobody waits for these; the account's concurrency is for customers.
      maxConcurrency: 10,
    });
    Validations.of(source).acknowledge({
      id: 'Serverless-LambdaEventSourceMappingDestination',
      reason: 'SQS itself moves a job to the dead-letter queue after maxReceiveCount.',
    });
  }
}
