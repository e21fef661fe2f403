import { describe, expect, it } from 'vitest';
import type { StageConfig } from '#lib/config/stages.ts';
import { present } from '#test/support/builders.ts';
import { deploymentRunning } from '../../bin/deploy/aws-account.ts';
import { deployments } from '../../bin/deployments.ts';
import { type StageTemplates, synthesizeStage } from '../support/template.ts';
import { functionsOf } from '../support/template-functions.ts';
import { inWords, nameOf } from '../support/template-text.ts';

const prod = synthesizeStage('prod');

/** Properties of the resources of a type, by the names of their constructs. */
function resources({ service }: StageTemplates, type: string) {
  const found = Object.entries(service.findResources(type));
  return new Map(found.map(([id, resource]) => [nameOf(id), resource]));
}

function versionOf(templates: StageTemplates, folder: string): string | undefined {
  const fn = functionsOf(templates).get(folder)?.logicalId ?? '';
  const versions = Object.entries(templates.service.findResources('AWS::Lambda::Version'));
  return versions.find(([, { Properties }]) => Properties.FunctionName.Ref === fn)?.[0];
}

const released = [
  ['ingest', 'IngestLiveAlias'],
  ['processor', 'ProcessorLiveAlias'],
] as const;

describe.each(released)('the live alias of %s', (folder, name) => {
  const alias = resources(prod, 'AWS::Lambda::Alias').get(name);

  it('points at the version that this template makes', () => {
    expect(alias?.['Properties']).toEqual({
      Name: 'live',
      FunctionName: { Ref: functionsOf(prod).get(folder)?.logicalId },
      FunctionVersion: { 'Fn::GetAtt': [versionOf(prod, folder), 'Version'] },
    });
  });

  it('is what is called: by routes, queues and permissions, and nothing calls $LATEST', () => {
    const lambda = nameOf(functionsOf(prod).get(folder)?.logicalId ?? '');
    const callers = [
      ...Object.values(prod.service.findResources('AWS::Lambda::EventSourceMapping')),
      ...Object.values(prod.service.findResources('AWS::Lambda::Permission')),
    ].map(({ Properties }) => inWords(prod, Properties.FunctionName));
    const integrations = Object.values(
      prod.service.findResources('AWS::ApiGatewayV2::Integration'),
    );
    callers.push(...integrations.map(({ Properties }) => inWords(prod, Properties.IntegrationUri)));
    const ofThis = callers.filter((each) => each.startsWith(lambda) || each.startsWith(name));
    expect(ofThis.length).toBeGreaterThan(0);
    for (const each of ofThis) expect([name, `${name}:live`]).toContain(each);
  });

  it('comes to customers by a canary, and goes back on an alarm', () => {
    const groupId = alias?.['UpdatePolicy'].CodeDeployLambdaAliasUpdate.DeploymentGroupName.Ref;
    const { Properties } =
      prod.service.findResources('AWS::CodeDeploy::DeploymentGroup')[groupId] ?? {};
    expect(Properties).toMatchObject({
      DeploymentConfigName: 'CodeDeployDefault.LambdaCanary10Percent5Minutes',
      AutoRollbackConfiguration: {
        Enabled: true,
        Events: expect.arrayContaining(['DEPLOYMENT_FAILURE', 'DEPLOYMENT_STOP_ON_ALARM']),
      },
    });
    const alarms = Properties?.['AlarmConfiguration'].Alarms.map(({ Name }: { Name: object }) =>
      inWords(prod, Name),
    );
    const more = { ingest: 'WebhookErrorRate', processor: 'ProcessorChatsFailing' }[folder];
    expect(alarms).toEqual([`${name.replace('Alias', '')}NewVersionErrors`, more]);
  });

  it('is watched for errors of the new version alone', () => {
    const alarm = resources(prod, 'AWS::CloudWatch::Alarm').get(
      `${name.replace('Alias', '')}NewVersionErrors`,
    );
    const { MetricName, Dimensions, Period, EvaluationPeriods } = present(alarm)['Properties'];
    const lambda = nameOf(functionsOf(prod).get(folder)?.logicalId ?? '');
    expect(MetricName).toBe('Errors');
    const [executed, ...others] = Dimensions;
    expect(executed).toEqual({
      Name: 'ExecutedVersion',
      Value: { 'Fn::GetAtt': [versionOf(prod, folder), 'Version'] },
    });
    expect(
      others.map(({ Name, Value }: { Name: string; Value: object }) => [
        Name,
        inWords(prod, Value),
      ]),
    ).toEqual([
      ['FunctionName', lambda],
      ['Resource', `${lambda}:live`],
    ]);
    // It must go off while there is a canary.
    expect(Period * EvaluationPeriods).toBeLessThan(300);
  });
});

describe('a version', () => {
  it('stays when it is followed by another, for the alias to go back to', () => {
    for (const version of Object.values(prod.service.findResources('AWS::Lambda::Version'))) {
      expect(version).toMatchObject({
        DeletionPolicy: 'RetainExceptOnCreate',
        UpdateReplacePolicy: 'Retain',
      });
    }
  });

  it.each<[string, Partial<StageConfig>, boolean]>([
    ['another log level', { logLevel: 'DEBUG' }, true],
    [
      'another deadline, in a variable',
      { processor: { ...deployments.prod.processor, answerDeadlineSeconds: 200 } },
      true,
    ],
    // Lambda refuses to make a version that is no different.
    [
      'another concurrency',
      { processor: { ...deployments.prod.processor, concurrency: 50 } },
      false,
    ],
  ])('is made anew for what is in it: %s, %j', (_, changes, isNew) => {
    const changed = synthesizeStage('prod', changes);
    expect(versionOf(changed, 'processor') !== versionOf(prod, 'processor')).toBe(isNew);
  });
});

it('says of a deployment what the alarm that silences incidents looks at', () => {
  const { Namespace, MetricData } = deploymentRunning('prod');
  const { MetricName, Dimensions, Value } = present(MetricData[0]);
  prod.service.hasResourceProperties('AWS::CloudWatch::Alarm', {
    AlarmName: 'concierge-prod-service-deployment-running',
    Namespace,
    MetricName,
    Dimensions,
    ComparisonOperator: 'GreaterThanThreshold',
    Threshold: Value - 1,
  });
});

describe('CodeDeploy', () => {
  it('may move these two aliases and read alarms, and nothing else', () => {
    const role = resources(prod, 'AWS::IAM::Role').get('ReleasesRole')?.['Properties'];
    expect(role.ManagedPolicyArns).toBeUndefined();
    expect(role.AssumeRolePolicyDocument.Statement).toEqual([
      {
        Action: 'sts:AssumeRole',
        Effect: 'Allow',
        Principal: { Service: 'codedeploy.amazonaws.com' },
        Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
      },
    ]);
    const policy = resources(prod, 'AWS::IAM::Policy').get('ReleasesRoleDefaultPolicy');
    const statements = policy?.['Properties'].PolicyDocument.Statement.map(
      ({ Action, Resource }: { Action: string | string[]; Resource: unknown }) => [
        [Action].flat(),
        [Resource].flat().map((each) => inWords(prod, each)),
      ],
    );
    const moves = [
      'lambda:GetAlias',
      'lambda:UpdateAlias',
      'lambda:GetProvisionedConcurrencyConfig',
    ];
    expect(statements).toEqual([
      [['cloudwatch:DescribeAlarms'], ['*']],
      [moves, ['IngestFunction.Arn', 'IngestFunction.Arn:live']],
      [moves, ['ProcessorFunction.Arn', 'ProcessorFunction.Arn:live']],
    ]);
  });

  it('has no part in a stage that is released at once, whose aliases are called all the same', () => {
    const dev = synthesizeStage('dev');
    expect(resources(dev, 'AWS::CodeDeploy::DeploymentGroup').size).toBe(0);
    expect(resources(dev, 'AWS::CodeDeploy::Application').size).toBe(0);
    expect(
      [...resources(dev, 'AWS::Lambda::Alias')].map(([name, { UpdatePolicy }]) => [
        name,
        UpdatePolicy,
      ]),
    ).toEqual([
      ['IngestLiveAlias', undefined],
      ['ProcessorLiveAlias', undefined],
    ]);
  });
});
