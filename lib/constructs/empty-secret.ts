import { RemovalPolicy, Validations } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { CfnSecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';

export interface EmptySecretProps {
  /** The name under which the operator puts the value. */
  readonly secretName: string;
  /** What the value must look like; shown in the console beside the secret. */
  readonly shape: string;
  readonly key: IKey;
  /** True lets the secret be deleted with its stack. */
  readonly disposable: boolean;
}

/**
 * A secret without a value. The operator puts it and CloudFormation never sees it; the L2 `Secret`
 * would generate a random one that looks like a value (docs/adr/103-empty-secret.md).
 */
export class EmptySecret extends Construct {
  readonly secretName: string;
  readonly secretArn: string;

  constructor(scope: Construct, id: string, props: EmptySecretProps) {
    super(scope, id);
    const secret = new CfnSecret(this, 'Resource', {
      name: props.secretName,
      description: `Value put by the operator, as ${props.shape}`,
      kmsKeyId: props.key.keyArn,
    });
    secret.applyRemovalPolicy(props.disposable ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN);
    Validations.of(secret).acknowledge({
      id: 'AwsSolutions-SMG4',
      reason:
        'Neither Meta nor OpenAI issues secrets through an API: the operator rotates, and both the current and the previous app secret are accepted meanwhile.',
    });
    this.secretName = props.secretName;
    this.secretArn = secret.ref;
  }
}
