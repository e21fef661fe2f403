import { parseArgs } from 'node:util';
import { stackNames } from '#lib/config/stack-names.ts';
import { isStageName, type StageName, stageNames } from '#lib/config/stages.ts';
import { UsageError } from '#operator/operator-error.ts';

export interface DeployOptions {
  readonly stage: StageName;
  /** Only the checks: nothing is created. */
  readonly isCheck: boolean;
  /** Goes over the stage's `release`: no canary, and no alarm that holds it up. */
  readonly isAtOnce: boolean;
  /** Passed on to `cdk deploy`. */
  readonly rest: readonly string[];
}

export const DEPLOY_USAGE = `Usage: npm run deploy -- <${stageNames.join('|')}> [--check] [--at-once] [options of cdk deploy]

  --check     only what is checked before a deployment: nothing is created (also --dry-run)
  --at-once   every call gets the new version at once: for the repair of what an alarm complains of,
              which CodeDeploy would not let begin

Options of cdk deploy follow, for example --require-approval never.`;

/** @throws UsageError */
export function readDeployOptions(argv: readonly string[]): DeployOptions | 'help' {
  const [stage, ...others] = argv;
  if (stage === '--help' || stage === '-h') return 'help';
  if (stage === undefined) throw new UsageError(`Say which stage to deploy.\n\n${DEPLOY_USAGE}`);
  if (!isStageName(stage)) {
    throw new UsageError(`There is no stage ${JSON.stringify(stage)}.\n\n${DEPLOY_USAGE}`);
  }
  const ours = ['--check', '--dry-run', '--at-once'];
  const { values } = parseArgs({
    args: others.filter((each) => ours.includes(each)),
    options: {
      check: { type: 'boolean' },
      'dry-run': { type: 'boolean' },
      'at-once': { type: 'boolean' },
    },
  });
  return {
    stage,
    isCheck: values.check ?? values['dry-run'] ?? false,
    isAtOnce: values['at-once'] ?? false,
    rest: others.filter((each) => !ours.includes(each)),
  };
}

/** The arguments of the CDK that synthesize the stage into a directory. */
export function synthArguments({ stage, isAtOnce }: DeployOptions, directory: string) {
  const release = isAtOnce ? ['--context', 'release=at-once'] : [];
  return ['synth', '--quiet', '--output', directory, '--context', `stage=${stage}`, ...release];
}

/** Those that deploy what was synthesized: what was checked, and nothing else. */
export function deployArguments({ stage, rest }: DeployOptions, directory: string) {
  const { stateful, service } = stackNames(stage);
  return ['deploy', stateful, service, '--app', directory, ...rest];
}
