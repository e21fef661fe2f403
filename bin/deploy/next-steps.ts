import { stackNames } from '#lib/config/stack-names.ts';
import type { StageName } from '#lib/config/stages.ts';

/** What whoever deployed does next. */
export function nextSteps({
  stage,
  isDone,
  isFirst,
}: {
  readonly stage: StageName;
  readonly isDone: boolean;
  readonly isFirst: boolean;
}): string {
  if (!isDone) {
    return `
The deployment failed; CloudFormation undoes what it did. Why:
  aws cloudformation describe-stack-events --stack-name ${stackNames(stage).service} --query 'StackEvents[?contains(ResourceStatus, \`FAILED\`)].[LogicalResourceId, ResourceStatusReason]' --output text
A release that an alarm took back: docs/runbooks/release-rolled-back.md
`;
  }
  const steps = isFirst
    ? [
        `npx concierge secret put app-id --stage ${stage}        and app-secret, openai-key`,
        `npx concierge secret put verify-token --generate --stage ${stage}`,
        `npx concierge tenant add --help`,
        `the output WebhookUrl goes into Meta’s dashboard: README.md`,
      ]
    : [`npm run smoke -- ${stage}`];
  const all = [...steps, `npx concierge doctor --stage ${stage}`];
  return `\nDeployed. Next:\n${all.map((step) => `  ${step}\n`).join('')}`;
}
