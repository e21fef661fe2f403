import type { Properties } from './properties.ts';
import { isObject, type JsonObject } from './properties.ts';
import type { Stack } from './stack.ts';
import { TemplateError } from './template-error.ts';

/**
 * What each role of the template may do: its inline policies and the policies that are attached to
 * it, with every intrinsic function resolved.
 */
export class TemplateRoles {
  readonly #statements = new Map<string, JsonObject[]>();
  /** Logical ids by what a policy or a function names the role with. */
  readonly #byName = new Map<string, string>();
  readonly #byArn = new Map<string, string>();

  /** @throws TemplateError for a kind of policy that is unknown here */
  constructor(stacks: readonly Stack[]) {
    for (const stack of stacks) this.#addRoles(stack);
    for (const stack of stacks) this.#addPolicies(stack);
  }

  /** Empty for a role that nothing was granted to. */
  statementsOf(roleLogicalId: string): readonly JsonObject[] {
    return this.#statements.get(roleLogicalId) ?? [];
  }

  /** @throws TemplateError where the ARN is not of a role in the template */
  logicalIdOf(roleArn: string, askedBy: string): string {
    const logicalId = this.#byArn.get(roleArn);
    if (logicalId === undefined) {
      throw new TemplateError(askedBy, `its role ${roleArn} is not in the template`);
    }
    return logicalId;
  }

  #addRoles(stack: Stack): void {
    for (const resource of stack.resources('AWS::IAM::Role')) {
      const { logicalId } = resource;
      if (this.#statements.has(logicalId)) {
        throw new TemplateError(logicalId, 'two stacks have a role of this logical id; rename one');
      }
      const { ref, attributes } = stack.identityOf(logicalId);
      this.#byName.set(ref, logicalId);
      this.#byArn.set(attributes['Arn'] ?? '', logicalId);
      const properties = stack.properties(resource);
      if (properties.texts('ManagedPolicyArns').length > 0) {
        throw new TemplateError(
          logicalId,
          'managed policies are unknown to the local cloud; grant what the role needs in the template',
        );
      }
      this.#statements.set(logicalId, []);
      for (const policy of properties.objects('Policies')) this.#attach(logicalId, policy);
    }
  }

  #addPolicies(stack: Stack): void {
    for (const resource of stack.resources('AWS::IAM::Policy')) {
      const properties = stack.properties(resource);
      for (const name of properties.texts('Roles')) {
        const role = this.#byName.get(name);
        if (role === undefined) {
          throw new TemplateError(resource.logicalId, `the role ${name} is not in the template`);
        }
        this.#attach(role, properties);
      }
    }
  }

  #attach(roleLogicalId: string, policy: Properties): void {
    const statements = policy.object('PolicyDocument').raw['Statement'];
    const list = [statements].flat().filter(isObject);
    this.#statements.get(roleLogicalId)?.push(...list);
  }
}
