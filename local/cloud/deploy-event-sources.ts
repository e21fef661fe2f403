import { isAllowed } from '../aws/iam.ts';
import type { ModelClock } from '../clock.ts';
import { eventSourceSettings } from '../event-sources/event-source-settings.ts';
import { polledQueue } from '../event-sources/sqs-model-queue.ts';
import { SqsPoller } from '../event-sources/sqs-poller.ts';
import type { WaitingClients } from '../lambda/waiting-clients.ts';
import type { SqsModel } from '../sqs/sqs-model.ts';
import type { CustomerKeys } from './customer-keys.ts';
import type { DeployedFunctions } from './deploy-functions.ts';
import type { Properties } from './properties.ts';
import type { Stack } from './stack.ts';
import { TemplateError } from './template-error.ts';
import type { TemplateRoles } from './template-roles.ts';

interface EventSourceDeps {
  readonly functions: DeployedFunctions;
  readonly roles: TemplateRoles;
  readonly keys: CustomerKeys;
  readonly sqs: SqsModel;
  readonly region: string;
  readonly clock: ModelClock;
  readonly waitingClients: WaitingClients;
  /** How many times faster than on the wall a batch waits for more: waiting is compressed, work is not. */
  readonly speed: number;
}

/** Prepares the template's event source mappings; each polls once it is started. */
export function deployEventSources(
  stacks: readonly Stack[],
  deps: EventSourceDeps,
): readonly SqsPoller[] {
  return stacks.flatMap((stack) =>
    stack.resources('AWS::Lambda::EventSourceMapping').flatMap((resource) => {
      const poller = pollerOf(stack.properties(resource), deps);
      return poller ? [poller] : [];
    }),
  );
}

function pollerOf(
  mapping: Properties,
  { functions, roles, keys, sqs, region, clock, speed, waitingClients }: EventSourceDeps,
): SqsPoller | undefined {
  const { logicalId } = mapping;
  const { lambda } = functions.named(mapping.text('FunctionName'), logicalId);
  const arn = mapping.text('EventSourceArn');
  const name = sqs.queueNames().find((each) => sqs.arnOf(each) === arn);
  if (name === undefined) {
    throw new TemplateError(logicalId, `the event source ${arn} is not a queue of the template`);
  }
  requirePermissions(lambda.definition.roleLogicalId, arn, { logicalId, roles, keys });
  const queue = polledQueue(sqs, name, region);
  const settings = eventSourceSettings(
    mapping,
    {
      fifo: name.endsWith('.fifo'),
      visibilityTimeoutSeconds: queue.visibilityTimeoutSeconds,
    },
    lambda.definition.timeoutSeconds,
  );
  if (!settings.enabled) return undefined;
  const compressed = {
    ...settings,
    batchingWindowSeconds: settings.batchingWindowSeconds / speed,
  };
  return new SqsPoller({ queue, lambda, settings: compressed, clock, waitingClients });
}

/** The mapping uses the queue in the name of the function's role. */
function requirePermissions(
  roleLogicalId: string,
  queueArn: string,
  { logicalId, roles, keys }: Pick<EventSourceDeps, 'roles' | 'keys'> & { logicalId: string },
): void {
  const keyArn = keys.keyOf(queueArn);
  const needed = [
    ['sqs:ReceiveMessage', queueArn],
    ['sqs:DeleteMessage', queueArn],
    ['sqs:GetQueueAttributes', queueArn],
    ...(keyArn === undefined ? [] : [['kms:Decrypt', keyArn]]),
  ] as const;
  const statements = roles.statementsOf(roleLogicalId);
  for (const [action, resource] of needed) {
    if (!action || !resource || isAllowed({ statements, action, resource })) continue;
    throw new TemplateError(
      logicalId,
      `the role ${roleLogicalId} may not ${action} on ${resource}: the cloud would refuse the mapping`,
    );
  }
}
