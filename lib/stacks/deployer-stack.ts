import { CfnOutput, Duration, Stack, type StackProps, Validations } from 'aws-cdk-lib';
import {
  type IOpenIdConnectProvider,
  OidcProviderNative,
  PolicyStatement,
  Role,
  WebIdentityPrincipal,
} from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { stackNames } from '../config/stack-names.ts';
import { metricNamespaceOf, type StageName } from '../config/stages.ts';

export interface DeployerStackProps extends StackProps {
  /**
   * On GitHub, as the subject of its tokens has it: `example/whatsapp-concierge`, or for a repository that was
   * made or renamed since July 2026 `example@123/whatsapp-concierge@456`.
   */
  readonly repository: string;
  /** Those that this account has. */
  readonly stages: readonly StageName[];
  /** Where the stack of the backups' copies goes, if there is one. */
  readonly copiesRegion: string | undefined;
  /** False where another stack of the account has made it: there can be but one. */
  readonly makesProvider: boolean;
}

const ISSUER = 'token.actions.githubusercontent.com';
const AUDIENCE = 'sts.amazonaws.com';
/** What CDK puts into the names of the bootstrap's roles, unless it is told otherwise. */
const QUALIFIER = 'hnb659fds';

/**
 * Lets the repository's workflows deploy, without any key to keep: a role per stage that only a job in the
 * GitHub environment of that name gets, and that environment says of which branch and with whose consent.
 * Apart from the stages' stacks, and deployed by a person: what may deploy must not change what it may.
 */
export class DeployerStack extends Stack {
  constructor(scope: Construct, id: string, props: DeployerStackProps) {
    const { repository, stages, copiesRegion, makesProvider, ...stackProps } = props;
    super(scope, id, { terminationProtection: true, ...stackProps });
    const provider = this.#provider(makesProvider);
    for (const stage of stages) {
      const role = new Role(this, inPascalCase(stage), {
        roleName: `concierge-${stage}-deployer`,
        description: `Deploys stage ${stage} from ${repository}`,
        // A deployment with its canary, and what is tried after it.
        maxSessionDuration: Duration.hours(2),
        assumedBy: new WebIdentityPrincipal(provider, {
          StringEquals: {
            [`${ISSUER}:aud`]: AUDIENCE,
            [`${ISSUER}:sub`]: `repo:${repository}:environment:${stage}`,
          },
        }),
      });
      for (const statement of this.#deploys(stage, copiesRegion)) role.addToPolicy(statement);
      this.#acknowledge(role, stage);
      new CfnOutput(this, `${inPascalCase(stage)}RoleArn`, {
        value: role.roleArn,
        description: `Variable AWS_ROLE_ARN of the GitHub environment ${stage}`,
      });
    }
  }

  #provider(makesProvider: boolean): string {
    if (!makesProvider) {
      return `arn:${this.partition}:iam::${this.account}:oidc-provider/${ISSUER}`;
    }
    const provider: Pick<IOpenIdConnectProvider, 'openIdConnectProviderArn'> =
      new OidcProviderNative(this, 'GitHub', {
        url: `https://${ISSUER}`,
        clientIds: [AUDIENCE],
      });
    return provider.openIdConnectProviderArn;
  }

  /**
   * CloudFormation does the rest, as the bootstrap's role that it is handed. Those roles are one set for all
   * stages of an account: what holds staging's jobs away from prod's stacks is an account of its own.
   */
  #deploys(stage: StageName, copiesRegion: string | undefined): readonly PolicyStatement[] {
    const bootstrapRoles = [this.region, ...(copiesRegion ? [copiesRegion] : [])].flatMap(
      (region) =>
        ['deploy', 'file-publishing', 'lookup'].map(
          (kind) =>
            `arn:${this.partition}:iam::${this.account}:role/cdk-${QUALIFIER}-${kind}-role-${this.account}-${region}`,
        ),
    );
    const stacks = stacksOf(stage).map((name) =>
      this.formatArn({ service: 'cloudformation', resource: 'stack', resourceName: name }),
    );
    return [
      new PolicyStatement({ actions: ['sts:AssumeRole'], resources: bootstrapRoles }),
      new PolicyStatement({
        actions: ['cloudformation:DescribeStacks', 'cloudformation:GetTemplate'],
        resources: stacks,
      }),
      new PolicyStatement({
        actions: ['lambda:GetAccountSettings', 'cloudwatch:DescribeAlarms'],
        resources: ['*'],
      }),
      // What became of the messages of the burst: counts, and how much is left in the queues.
      new PolicyStatement({ actions: ['cloudwatch:GetMetricData'], resources: ['*'] }),
      new PolicyStatement({
        actions: ['sqs:GetQueueAttributes'],
        resources: [this.formatArn({ service: 'sqs', resource: queuesOf(stage) })],
      }),
      new PolicyStatement({
        actions: ['cloudwatch:PutMetricData'],
        resources: ['*'],
        conditions: { StringEquals: { 'cloudwatch:namespace': metricNamespaceOf(stage) } },
      }),
    ];
  }

  #acknowledge(role: Role, stage: StageName): void {
    Validations.of(role).acknowledge({
      id: 'AwsSolutions-IAM5[Resource::*]',
      reason:
        "The account's Lambda settings, alarms of any kind and metrics have no resource to name; they are read, and PutMetricData is held to the stage's namespace.",
    });
    Validations.of(role).acknowledge({
      id: `AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:sqs:<AWS::Region>:<AWS::AccountId>:${queuesOf(stage)}]`,
      reason: 'CloudFormation names the queues of the stack; only how long they are is read.',
    });
    for (const name of stacksOf(stage)) {
      Validations.of(role).acknowledge({
        id: `AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:cloudformation:<AWS::Region>:<AWS::AccountId>:stack/${name}]`,
        reason: 'A stack has an id after its name, which nobody knows before it is made.',
      });
    }
  }
}

function queuesOf(stage: StageName): string {
  return `${stackNames(stage).service}-*`;
}

function stacksOf(stage: StageName): readonly string[] {
  const { stateful, service } = stackNames(stage);
  return [`${stateful}/*`, `${service}/*`, 'CDKToolkit/*'];
}

function inPascalCase(stage: StageName): string {
  return stage.charAt(0).toUpperCase() + stage.slice(1);
}
