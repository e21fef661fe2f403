import type { KmsModel } from '../kms/kms-model.ts';
import type { Stack } from './stack.ts';

/** Creates the template's keys; those of an earlier run are kept, or what they encrypt would be lost. */
export function deployKeys(stacks: readonly Stack[], kms: KmsModel): void {
  for (const stack of stacks) {
    for (const resource of stack.resources('AWS::KMS::Key')) {
      stack
        .properties(resource)
        .allowOnly([
          'Description',
          'EnableKeyRotation',
          'KeyPolicy',
          'PendingWindowInDays',
          'Tags',
        ]);
      kms.createKey(stack.identityOf(resource.logicalId).attributes['Arn'] ?? '');
    }
  }
}
