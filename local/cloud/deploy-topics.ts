import type { SnsModel } from '../sns/sns-model.ts';
import type { CustomerKeys } from './customer-keys.ts';
import type { Stack } from './stack.ts';

/** Creates the template's topics with their policies; who is subscribed to them is for the cloud. */
export function deployTopics(stacks: readonly Stack[], sns: SnsModel, keys: CustomerKeys): void {
  for (const stack of stacks) {
    for (const resource of stack.resources('AWS::SNS::Topic')) {
      const properties = stack.properties(resource);
      properties.allowOnly(['DisplayName', 'KmsMasterKeyId', 'Tags', 'TopicName']);
      const { ref: arn } = stack.identityOf(resource.logicalId);
      sns.createTopic(arn);
      keys.use(arn, properties.optionalText('KmsMasterKeyId'));
    }
    for (const resource of stack.resources('AWS::SNS::TopicPolicy')) {
      const properties = stack.properties(resource);
      const policy = JSON.stringify(properties.object('PolicyDocument').raw);
      for (const arn of properties.texts('Topics')) sns.setPolicy(arn, policy);
    }
  }
}
