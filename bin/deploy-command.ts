import { isStageName, stageNames } from '#lib/config/stages.ts';

/** Raised for a command line that cannot be meant; the message says what can. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/**
 * The CDK command that deploys a stage: its stateful stack, then its service stack. What follows
 * the stage goes to the CDK, for example `--require-approval never`.
 * @throws UsageError
 */
export function deployCommand(argv: readonly string[]): { command: string; args: string[] } {
  const [stage, ...rest] = argv;
  const choice = `npm run deploy -- <${stageNames.join('|')}> [options of cdk deploy]`;
  if (stage === undefined) throw new UsageError(`Say which stage to deploy: ${choice}`);
  if (!isStageName(stage)) {
    throw new UsageError(`There is no stage ${JSON.stringify(stage)}. Use ${choice}`);
  }
  const stacks = [`concierge-${stage}-stateful`, `concierge-${stage}-service`];
  return {
    command: 'cdk',
    args: ['deploy', ...stacks, '--context', `stage=${stage}`, ...rest],
  };
}
