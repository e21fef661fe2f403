import { App, type AppProps, type Stack, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';
import {
  InvalidStageConfigError,
  isRelease,
  isStageName,
  isTenantVault,
  type StageConfig,
  type StageName,
  stageNames,
} from './config/stages.ts';
import { releaseProblems, tenantVaultProblems, validateStage } from './config/validate-stage.ts';
import { CopiesStack } from './stacks/copies-stack.ts';
import { ServiceStack } from './stacks/service-stack.ts';
import { StatefulStack } from './stacks/stateful-stack.ts';

/** Raised when the context asks for a stage that no deployment has. */
export class UnknownStageError extends Error {
  override readonly name = 'UnknownStageError';
}

const features = {
  /** What CloudFormation would refuse at deployment is refused at synth. */
  '@aws-cdk/core:validateAgainstDefaultRules': true,
  /**
   * A function's version is made of what Lambda puts into one. Without this another reserved concurrency
   * would ask for a new version, and Lambda refuses one that is no different.
   */
  '@aws-cdk/aws-lambda:recognizeVersionProps': true,
};

/**
 * The app with two stacks per stage, held to the AwsSolutions and Serverless rules: a finding that
 * nobody acknowledged fails the synth.
 *
 * Context `stage` picks one stage; without it all are synthesized, so that a change that breaks any
 * of them is seen at once. Needs no feature flag of cdk.json, which only the CDK CLI reads: so
 * `node bin/concierge.ts` gives the very same template. Context `tenantVault` goes over the
 * configuration of a disposable stage, so that either vault can be run here; `release` over how any
 * stage is released, for a repair that no alarm may hold up.
 *
 * @throws UnknownStageError, InvalidStageConfigError
 */
export function conciergeApp(
  deployments: { readonly [Name in StageName]: StageConfig },
  props: AppProps = {},
): App {
  const app = new App({
    analyticsReporting: false,
    ...props,
    context: { ...features, ...props.context },
  });
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app), new ServerlessChecks(app));
  for (const name of wantedStages(app)) {
    const config = deployments[name];
    // Under another's name it would be deployed over that one.
    if (config.stage !== name) {
      throw new InvalidStageConfigError(name, [`stage: "${config.stage}" must be "${name}"`]);
    }
    addStage(app, withWantedRelease(app, withWantedVault(app, config)));
  }
  return app;
}

function addStage(app: App, config: StageConfig): void {
  validateStage(config);
  const name = `concierge-${config.stage}`;
  const shared = { config, ...(config.env && { env: config.env }) };
  const state = new StatefulStack(app, `${name}-stateful`, {
    ...shared,
    description: 'WhatsApp Concierge: tables, keys and secrets that outlive every deployment',
  });
  addCopies(app, config, state);
  new ServiceStack(app, `${name}-service`, {
    ...shared,
    state,
    description: 'WhatsApp Concierge: everything that may be deployed again at any time',
  });
}

/** Deployed with the stateful stack, and before it: whose plan names the vault. */
function addCopies(
  app: App,
  { stage, disposable, env, recovery }: StageConfig,
  state: Stack,
): void {
  const { backups } = recovery;
  if (backups?.copyTo === undefined || env === undefined) return;
  const copies = new CopiesStack(app, `concierge-${stage}-copies`, {
    stage,
    disposable,
    backups,
    env: { ...env, region: backups.copyTo.region },
    description: 'WhatsApp Concierge: copies of the backups, in a second region',
  });
  state.addStackDependency(copies);
}

function withWantedVault(app: App, config: StageConfig): StageConfig {
  const tenantVault: unknown = app.node.tryGetContext('tenantVault');
  if (tenantVault === undefined) return config;
  if (!config.disposable) {
    throw new InvalidStageConfigError(config.stage, [
      'secrets.tenantVault: set it in bin/deployments.ts; as context it is for disposable stages',
    ]);
  }
  if (!isTenantVault(tenantVault)) {
    throw new InvalidStageConfigError(config.stage, tenantVaultProblems(tenantVault));
  }
  return { ...config, secrets: { tenantVault } };
}

function withWantedRelease(app: App, config: StageConfig): StageConfig {
  const release: unknown = app.node.tryGetContext('release');
  if (release === undefined) return config;
  if (!isRelease(release))
    throw new InvalidStageConfigError(config.stage, releaseProblems(release));
  return { ...config, release };
}

function wantedStages(app: App): readonly StageName[] {
  const wanted: unknown = app.node.tryGetContext('stage');
  if (wanted === undefined) return stageNames;
  if (typeof wanted === 'string' && isStageName(wanted)) return [wanted];
  throw new UnknownStageError(
    `There is no stage ${JSON.stringify(wanted)}: use -c stage=<${stageNames.join('|')}>`,
  );
}
