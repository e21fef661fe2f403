import type { SecretsModel } from '../secrets/secrets-model.ts';
import type { CustomerKeys } from './customer-keys.ts';
import type { Stack } from './stack.ts';

/** Creates the template's secrets; empty, as values are the operator's and no template's business. */
export function deploySecrets(
  stacks: readonly Stack[],
  secrets: SecretsModel,
  keys: CustomerKeys,
): void {
  for (const stack of stacks) {
    for (const resource of stack.resources('AWS::SecretsManager::Secret')) {
      const properties = stack.properties(resource);
      properties.allowOnly(['Description', 'KmsKeyId', 'Name', 'Tags']);
      const arn = stack.identityOf(resource.logicalId).ref;
      // Without the six characters that Secrets Manager adds to the name.
      const name = arn.slice(arn.indexOf(':secret:') + ':secret:'.length, -7);
      const description = properties.optionalText('Description');
      const kmsKeyId = properties.optionalText('KmsKeyId');
      if (!secrets.find(name)) {
        secrets.createSecret({
          name,
          ...(description !== undefined && { description }),
          ...(kmsKeyId !== undefined && { kmsKeyId }),
        });
      }
      keys.use(arn, kmsKeyId);
    }
  }
}
