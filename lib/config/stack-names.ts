import type { StageName } from './stages.ts';

/** What a stage's stacks are called: in the templates, and by everybody who asks CloudFormation for one. */
export function stackNames(stage: StageName) {
  return {
    stateful: `concierge-${stage}-stateful`,
    service: `concierge-${stage}-service`,
    copies: `concierge-${stage}-copies`,
  } as const;
}
