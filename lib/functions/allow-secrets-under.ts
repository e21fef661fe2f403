import { ArnFormat, Stack, Token, Validations } from 'aws-cdk-lib';
import type { NodeLambda } from '../constructs/node-lambda.ts';

/** Lets a function read every secret whose name starts like this, for those that the operator puts. */
export function allowSecretsUnder<Env extends Readonly<Record<string, string>>>(
  reader: NodeLambda<Env>,
  prefix: string,
  reason: string,
): void {
  const stack = Stack.of(reader);
  const any = stack.formatArn({
    service: 'secretsmanager',
    resource: 'secret',
    resourceName: `${prefix}*`,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
  reader.allow(['secretsmanager:GetSecretValue'], any);
  // cdk-nag puts the names of the pseudo parameters where no account or region is configured.
  const region = Token.isUnresolved(stack.region) ? '<AWS::Region>' : stack.region;
  const account = Token.isUnresolved(stack.account) ? '<AWS::AccountId>' : stack.account;
  Validations.of(reader).acknowledge({
    id: `AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:secretsmanager:${region}:${account}:secret:${prefix}*]`,
    reason,
  });
}
