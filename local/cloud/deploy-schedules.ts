import type { ModelClock } from '../clock.ts';
import {
  type AsyncInvocations,
  type AsyncRules,
  DEFAULT_ASYNC_RULES,
} from '../lambda/async-invocations.ts';
import { startRate } from '../schedules/rate-schedule.ts';
import type { DeployedFunctions } from './deploy-functions.ts';
import type { InvokePermissions } from './invoke-permissions.ts';
import type { Stack, StackPlace } from './stack.ts';
import { TemplateError } from './template-error.ts';

interface ScheduleDeps {
  readonly functions: DeployedFunctions;
  readonly permissions: InvokePermissions;
  readonly asyncInvocations: AsyncInvocations;
  readonly clock: ModelClock;
}

/** Starts the template's rules that fire by the clock; returns how to stop them all. */
export function deploySchedules(
  stacks: readonly Stack[],
  { account, region }: Pick<StackPlace, 'account' | 'region'>,
  { functions, permissions, asyncInvocations, clock }: ScheduleDeps,
): () => void {
  const asyncRules = asyncRulesOf(stacks, functions);
  const stops = stacks.flatMap((stack) =>
    stack.resources('AWS::Events::Rule').flatMap((resource) => {
      const rule = stack.properties(resource);
      const { logicalId } = rule;
      rule.allowOnly(['Description', 'Name', 'ScheduleExpression', 'State', 'Targets', 'Tags']);
      if (rule.optionalText('State') === 'DISABLED') return [];
      const arn = stack.identityOf(logicalId).attributes['Arn'] ?? '';
      const expression = rule.text('ScheduleExpression');
      return rule.objects('Targets').map((target) => {
        target.allowOnly(['Arn', 'Id', 'Input', 'RetryPolicy']);
        const { name, lambda } = functions.named(target.text('Arn'), logicalId);
        if (!permissions.allow(name, 'events.amazonaws.com', arn)) {
          throw new TemplateError(
            logicalId,
            `no AWS::Lambda::Permission lets this rule call ${lambda.definition.logicalId}: it would never run`,
          );
        }
        const rules = asyncRules.get(lambda.definition.name) ?? DEFAULT_ASYNC_RULES;
        const input = target.optionalText('Input');
        const rate = { logicalId, arn, expression, account, region };
        return startRate(rate, clock, (event) => {
          void asyncInvocations.send(lambda, input ?? event, 'schedule', rules);
        });
      });
    }),
  );
  return () => {
    for (const stop of stops) stop();
  };
}

/** How each function's asynchronous events are retried, by the function's name. */
function asyncRulesOf(
  stacks: readonly Stack[],
  functions: DeployedFunctions,
): ReadonlyMap<string, AsyncRules> {
  const rules = stacks.flatMap((stack) =>
    stack.resources('AWS::Lambda::EventInvokeConfig').map((resource) => {
      const config = stack.properties(resource);
      config.allowOnly([
        'FunctionName',
        'MaximumEventAgeInSeconds',
        'MaximumRetryAttempts',
        'Qualifier',
      ]);
      const { lambda } = functions.named(config.text('FunctionName'), config.logicalId);
      const retries = config.optionalNumber('MaximumRetryAttempts');
      const maximumAgeSeconds = config.optionalNumber('MaximumEventAgeInSeconds');
      return [
        lambda.definition.name,
        {
          retries: retries ?? DEFAULT_ASYNC_RULES.retries,
          maximumAgeSeconds: maximumAgeSeconds ?? DEFAULT_ASYNC_RULES.maximumAgeSeconds,
        },
      ] as const;
    }),
  );
  return new Map(rules);
}
