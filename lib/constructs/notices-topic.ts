import { Validations } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';

/**
 * Where it is announced that a chat waits for a person, was taken or given back, in all businesses of a
 * stage. Whoever wants to hear of it subscribes, perhaps with a filter on the attribute `tenant`. What is
 * published names no customer and has none of their words.
 */
export class NoticesTopic extends Topic {
  constructor(scope: Construct, id: string, { key }: { readonly key: IKey }) {
    super(scope, id, { masterKey: key, enforceSSL: true });
    Validations.of(this).acknowledge({
      id: 'Serverless-SNSRedrivePolicy',
      reason:
        'An announcement that came too late helps nobody; the chat itself waits in its table.',
    });
  }
}
