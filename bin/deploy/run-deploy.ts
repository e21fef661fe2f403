import type { JsonObject } from '#domain/json.ts';
import type { StageConfig } from '#lib/config/stages.ts';
import { findingsInWords } from '#operator/findings.ts';
import type { Account } from './account.ts';
import { announcing } from './announce.ts';
import { type DeployOptions, deployArguments, stacksOf, synthArguments } from './deploy-command.ts';
import { nextSteps } from './next-steps.ts';
import { precheck } from './prechecks.ts';

export interface RunDeployDeps {
  readonly config: StageConfig;
  readonly account: Account;
  /** Looks at the types, which Node does not. @returns its exit code */
  typeCheck(): Promise<number>;
  /** Runs the CDK in front of whoever deploys. @returns its exit code */
  cdk(args: readonly string[]): Promise<number>;
  /** A directory for the assembly. */
  readonly directory: string;
  /** Of a stack in that directory. */
  readTemplate(stack: string): Promise<JsonObject>;
  everyMinute(run: () => void): { stop(): void };
  out(text: string): void;
  now(): number;
}

/**
 * Deploys a stage.
 * 1. Looks at the types: a name that is mistyped in the configuration would be passed over in silence.
 * 2. Synthesizes: what is wrong with the configuration or the templates ends here.
 * 3. Looks at the account: what would end the deployment half-way ends it now, before anything is created.
 * 4. Deploys exactly what was looked at, and tells the alarms so every minute.
 * @returns the exit code
 */
export async function runDeploy(options: DeployOptions, deps: RunDeployDeps): Promise<number> {
  const { config, account, directory, out } = deps;
  const { stage } = options;
  const typed = await deps.typeCheck();
  if (typed !== 0) {
    out('Nothing was deployed: the types do not fit.\n');
    return typed;
  }
  const synthesized = await deps.cdk(synthArguments(options, directory));
  if (synthesized !== 0) {
    out('Nothing was deployed: the app does not synthesize.\n');
    return synthesized;
  }
  const { stateful, service } = stacksOf(stage);
  const deployment = {
    config,
    stateful: await deps.readTemplate(stateful),
    service: await deps.readTemplate(service),
    nowMs: deps.now(),
  };
  const findings = await precheck(deployment, account);
  out(findingsInWords(findings));
  if (findings.some(({ verdict }) => verdict === 'failed')) {
    out('Nothing was deployed.\n');
    return 1;
  }
  if (options.isCheck) return 0;
  const isFirst = (await account.findStack(service)) === undefined;
  const code = await announcing(stage, () => deps.cdk(deployArguments(options, directory)), {
    account,
    everyMinute: deps.everyMinute,
    warn: out,
  });
  out(nextSteps({ stage, isDone: code === 0, isFirst }));
  return code;
}
