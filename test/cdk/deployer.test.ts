import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it, test } from 'vitest';
import { deployerApp, InvalidDeployerError } from '#lib/deployer-app.ts';
import { isAllowed } from '#local/aws/iam.ts';
import { present } from '#test/support/builders.ts';

function synthesized(context: Record<string, string>) {
  const outdir = mkdtempSync(join(tmpdir(), 'deployer-'));
  try {
    // Held to cdk-nag, as ever.
    const assembly = deployerApp({ outdir, context }).synth();
    expect(assembly.stacks.map(({ stackName }) => stackName)).toEqual(['concierge-deployer']);
    return Template.fromJSON(present(assembly.stacks[0]).template);
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

const REPOSITORY = 'example/whatsapp-concierge';
const template = synthesized({ repository: REPOSITORY });

const inWords = (value: unknown): string =>
  JSON.stringify(value)
    .replaceAll(
      /\{"Fn::Join":\["",\[(.*?)\]\]\}/g,
      (_, parts: string) =>
        `"${parts
          .split(/,(?=["{])/)
          .map((part) => (part.startsWith('{') ? JSON.parse(part).Ref : JSON.parse(part)))
          .join('')}"`,
    )
    .replaceAll('AWS::Partition', 'aws')
    .replaceAll('AWS::AccountId', '111122223333')
    .replaceAll('AWS::Region', 'eu-central-1');

function roleOf(stage: string) {
  const roles = Object.entries(template.findResources('AWS::IAM::Role'));
  const [id, role] = present(
    roles.find(([, { Properties }]) => Properties.RoleName === `concierge-${stage}-deployer`),
  );
  const policies = Object.values(template.findResources('AWS::IAM::Policy'));
  const statements = policies
    .filter(({ Properties }) => Properties.Roles[0].Ref === id)
    .flatMap(({ Properties }) => Properties.PolicyDocument.Statement);
  return { properties: role['Properties'], statements: JSON.parse(inWords(statements)) };
}

describe.each(['staging', 'prod'])('the role that deploys %s', (stage) => {
  const { properties, statements } = roleOf(stage);

  it('is taken by jobs of that environment of this repository alone', () => {
    expect(properties.AssumeRolePolicyDocument.Statement).toEqual([
      {
        Action: 'sts:AssumeRoleWithWebIdentity',
        Effect: 'Allow',
        Principal: { Federated: { Ref: expect.stringMatching(/^GitHub/) } },
        Condition: {
          StringEquals: {
            'token.actions.githubusercontent.com:aud': 'sts.amazonaws.com',
            'token.actions.githubusercontent.com:sub': `repo:${REPOSITORY}:environment:${stage}`,
          },
        },
      },
    ]);
    expect(properties.ManagedPolicyArns).toBeUndefined();
  });

  const other = stage === 'prod' ? 'staging' : 'prod';
  const iam = 'arn:aws:iam::111122223333:role';
  const stacks = 'arn:aws:cloudformation:eu-central-1:111122223333:stack';
  const queues = 'arn:aws:sqs:eu-central-1:111122223333';
  const place = '111122223333-eu-central-1';

  test.each([
    ['sts:AssumeRole', `${iam}/cdk-hnb659fds-deploy-role-${place}`, true],
    ['sts:AssumeRole', `${iam}/cdk-hnb659fds-file-publishing-role-${place}`, true],
    ['sts:AssumeRole', `${iam}/cdk-hnb659fds-lookup-role-${place}`, true],
    ['sts:AssumeRole', `${iam}/cdk-hnb659fds-cfn-exec-role-${place}`, false],
    ['sts:AssumeRole', `${iam}/Admin`, false],
    ['cloudformation:DescribeStacks', `${stacks}/concierge-${stage}-service/1`, true],
    ['cloudformation:DescribeStacks', `${stacks}/concierge-${other}-service/1`, false],
    ['cloudformation:DeleteStack', `${stacks}/concierge-${stage}-service/1`, false],
    ['cloudformation:UpdateStack', `${stacks}/concierge-${stage}-service/1`, false],
    ['secretsmanager:GetSecretValue', '*', false],
    ['dynamodb:Query', '*', false],
    ['iam:PassRole', `${iam}/cdk-hnb659fds-cfn-exec-role-${place}`, false],
    ['lambda:GetAccountSettings', '*', true],
    ['lambda:InvokeFunction', '*', false],
    ['cloudwatch:GetMetricData', '*', true],
    ['sqs:GetQueueAttributes', `${queues}:concierge-${stage}-service-ChatsQueue1.fifo`, true],
    ['sqs:GetQueueAttributes', `${queues}:concierge-${other}-service-ChatsQueue1.fifo`, false],
    ['sqs:ReceiveMessage', `${queues}:concierge-${stage}-service-ChatsQueue1.fifo`, false],
  ])('may %s on %s: %s', (action, resource, expected) => {
    expect(isAllowed({ statements, action, resource, context: {} })).toBe(expected);
  });

  it('tells metrics of its own stage only, so that it silences no alarm of another', () => {
    const put = (namespace: string) => ({
      statements,
      action: 'cloudwatch:PutMetricData',
      resource: '*',
      context: { 'cloudwatch:namespace': [namespace] },
    });
    expect(statements).toContainEqual({
      Effect: 'Allow',
      Action: 'cloudwatch:PutMetricData',
      Resource: '*',
      Condition: { StringEquals: { 'cloudwatch:namespace': `Concierge/${stage}` } },
    });
    expect(put('AWS/Lambda').context).toBeDefined();
  });
});

it('uses the provider that the account has, where it has one', () => {
  const existing = synthesized({ repository: REPOSITORY, provider: 'existing', stages: 'prod' });
  existing.resourceCountIs('AWS::IAM::OIDCProvider', 0);
  existing.resourceCountIs('AWS::IAM::Role', 1);
  expect(JSON.stringify(existing.toJSON())).toContain(
    ':oidc-provider/token.actions.githubusercontent.com',
  );
});

it('trusts a repository by the ids that GitHub puts into the subject of newer ones', () => {
  const repository = 'example@123/whatsapp-concierge@456';
  const text = JSON.stringify(synthesized({ repository }).toJSON());
  expect(text).toContain('"repo:example@123/whatsapp-concierge@456:environment:prod"');
});

it('deploys the copies of backups where they are said to go, and nowhere else', () => {
  const roles = (context: Record<string, string>) =>
    inWords(synthesized({ repository: REPOSITORY, ...context }).toJSON()).match(
      /cdk-hnb659fds-deploy-role-111122223333-[a-z0-9-]+/g,
    );
  expect(new Set(roles({}))).toEqual(
    new Set(['cdk-hnb659fds-deploy-role-111122223333-eu-central-1']),
  );
  expect(new Set(roles({ copies: 'eu-west-1' }))).toEqual(
    new Set([
      'cdk-hnb659fds-deploy-role-111122223333-eu-central-1',
      'cdk-hnb659fds-deploy-role-111122223333-eu-west-1',
    ]),
  );
});

it.each([
  [{}, /-c repository=<owner>\/<name>/],
  [{ repository: 'example/*' }, /-c repository/],
  [{ repository: 'example' }, /-c repository/],
  [{ repository: 'example@12*/concierge@1' }, /-c repository/],
  [{ repository: REPOSITORY, copies: '*' }, /-c copies=<region>/],
  [{ repository: REPOSITORY, stages: 'live' }, /-c stages=<one or more of dev,staging,prod>/],
])('says what is missing of %j', (context, problem) => {
  expect(() => deployerApp({ context })).toThrow(InvalidDeployerError);
  expect(() => deployerApp({ context })).toThrow(problem);
});
