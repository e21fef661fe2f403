import { Stack, Validations } from 'aws-cdk-lib';
import type { IAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import {
  LambdaApplication,
  LambdaDeploymentConfig,
  LambdaDeploymentGroup,
} from 'aws-cdk-lib/aws-codedeploy';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { StageConfig } from '../config/stages.ts';
import type { LiveAlias } from './live-alias.ts';

/** A function whose new versions come to customers step by step. */
interface Released {
  readonly lambda: IFunction;
  readonly live: LiveAlias;
  /** What takes a release back. Also who is in alarm before it: then nothing is released. */
  readonly rollbackOn: readonly IAlarm[];
}

/**
 * How a new version comes to customers. A canary: one in ten calls for five minutes, then all; an alarm
 * on the way gives all of them back to the former version, and the deployment fails. At once: the alias
 * moves, and nothing else.
 */
export class Releases extends Construct {
  readonly #canary: { readonly application: LambdaApplication; readonly role: Role } | undefined;

  constructor(scope: Construct, id: string, { release }: Pick<StageConfig, 'release'>) {
    super(scope, id);
    this.#canary = release === 'canary' ? this.#prepare() : undefined;
  }

  /** @param id PascalCase; the function's name */
  guard(id: string, { lambda, live: { alias }, rollbackOn }: Released): void {
    if (!this.#canary) return;
    const { application, role } = this.#canary;
    role.addToPolicy(
      new PolicyStatement({
        actions: [
          'lambda:GetAlias',
          'lambda:UpdateAlias',
          'lambda:GetProvisionedConcurrencyConfig',
        ],
        // Not the alias's own ARN: it waits for the group, which waits for this policy.
        resources: [lambda.functionArn, `${lambda.functionArn}:${alias.aliasName}`],
      }),
    );
    const group = new LambdaDeploymentGroup(this, id, {
      application,
      // As it is: the CDK would add AWSCodeDeployRoleForLambdaLimited, which may move every alias of the
      // account.
      role: role.withoutPolicyUpdates(),
      alias,
      deploymentConfig: LambdaDeploymentConfig.CANARY_10PERCENT_5MINUTES,
      alarms: [...rollbackOn],
      autoRollback: { failedDeployment: true, stoppedDeployment: true, deploymentInAlarm: true },
    });
    group.node.addDependency(role);
  }

  #prepare() {
    const application = new LambdaApplication(this, 'Application');
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('codedeploy.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
      description: 'Moves the live aliases, and reads the alarms that stop it',
    });
    role.addToPolicy(
      new PolicyStatement({ actions: ['cloudwatch:DescribeAlarms'], resources: ['*'] }),
    );
    Validations.of(role).acknowledge({
      id: 'AwsSolutions-IAM5[Resource::*]',
      reason: 'DescribeAlarms shows composite alarms only to who may describe all; it only reads.',
    });
    return { application, role };
  }
}
