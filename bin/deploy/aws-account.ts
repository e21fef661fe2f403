import {
  ACMClient,
  DescribeCertificateCommand,
  ResourceNotFoundException,
} from '@aws-sdk/client-acm';
import {
  CloudFormationClient,
  DescribeStacksCommand,
  GetTemplateCommand,
} from '@aws-sdk/client-cloudformation';
import { CloudWatchClient, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { GetAccountSettingsCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { HeadObjectCommand, NotFound, S3Client } from '@aws-sdk/client-s3';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { isObject } from '#domain/json.ts';
import { metricNamespaceOf, type StageName } from '#lib/config/stages.ts';
import type { Account } from './account.ts';

/** The account that the credentials of the environment are of. */
export function awsAccount(place: { readonly region?: string }): Account {
  const sts = new STSClient(place);
  const cloudFormation = new CloudFormationClient(place);
  const lambda = new LambdaClient(place);
  const cloudWatch = new CloudWatchClient(place);
  return {
    async identity() {
      const [{ Account: account = '' }, region] = await Promise.all([
        sts.send(new GetCallerIdentityCommand({})),
        sts.config.region(),
      ]);
      return { account, region };
    },
    async findStack(name) {
      try {
        const command = new DescribeStacksCommand({ StackName: name });
        const [stack] = (await cloudFormation.send(command)).Stacks ?? [];
        const outputs = (stack?.Outputs ?? []).map(
          ({ OutputKey: key = '', OutputValue: value = '' }) => [key, value] as const,
        );
        return stack && { status: stack.StackStatus ?? '', outputs: new Map(outputs) };
      } catch (error) {
        if (error instanceof Error && error.name === 'ValidationError') return undefined;
        throw error;
      }
    },
    async readTemplate(stack) {
      const command = new GetTemplateCommand({ StackName: stack, TemplateStage: 'Processed' });
      const { TemplateBody: body = '{}' } = await cloudFormation.send(command);
      const template: unknown = JSON.parse(body);
      return isObject(template) ? template : {};
    },
    async readConcurrency() {
      const { AccountLimit: limits } = await lambda.send(new GetAccountSettingsCommand({}));
      return {
        limit: limits?.ConcurrentExecutions ?? 0,
        unreserved: limits?.UnreservedConcurrentExecutions ?? 0,
      };
    },
    async findCertificate(arn) {
      try {
        const command = new DescribeCertificateCommand({ CertificateArn: arn });
        const { Certificate: found } = await new ACMClient(place).send(command);
        return found && { status: found.Status ?? '', names: found.SubjectAlternativeNames ?? [] };
      } catch (error) {
        if (error instanceof ResourceNotFoundException) return undefined;
        throw error;
      }
    },
    async hasObject(bucket, key) {
      try {
        await new S3Client(place).send(new HeadObjectCommand({ Bucket: bucket, Key: key }));
        return true;
      } catch (error) {
        if (error instanceof NotFound) return false;
        throw error;
      }
    },
    async announce(stage) {
      await cloudWatch.send(new PutMetricDataCommand(deploymentRunning(stage)));
    },
  };
}

/** What the alarm `deployment-running` of the stage looks at. */
export function deploymentRunning(stage: StageName) {
  const metric = {
    MetricName: 'DeploymentRunning',
    Dimensions: [{ Name: 'stage', Value: stage }],
    Value: 1,
  };
  return { Namespace: metricNamespaceOf(stage), MetricData: [metric] };
}
