import { App, type AppProps, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';
import { isRegion } from './config/problems.ts';
import { isStageName, stageNames } from './config/stages.ts';
import { DeployerStack } from './stacks/deployer-stack.ts';

/** Raised at synth; says what to put on the command line. */
export class InvalidDeployerError extends Error {
  override readonly name = 'InvalidDeployerError';
}

const WORKFLOW_STAGES = 'staging,prod';

/**
 * What GitHub's workflows need of an account, once: an app of its own, so that no deployment of a stage
 * touches it. Context: `repository`; `stages`, where the account has not both; `provider=existing`, where
 * another stack has made GitHub's provider; `copies`, the second region of `recovery.backups.copyTo`.
 * @throws InvalidDeployerError
 */
export function deployerApp(props: AppProps = {}): App {
  const app = new App({ analyticsReporting: false, ...props });
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app), new ServerlessChecks(app));
  new DeployerStack(app, 'concierge-deployer', {
    repository: repositoryOf(app),
    stages: stagesOf(app),
    copiesRegion: copiesRegionOf(app),
    makesProvider: app.node.tryGetContext('provider') !== 'existing',
    description: 'WhatsApp Concierge: lets GitHub deploy',
  });
  return app;
}

function repositoryOf(app: App): string {
  const repository: unknown = app.node.tryGetContext('repository');
  // A * in here would let in other repositories.
  if (typeof repository === 'string' && /^[\w.-]+(?:@\d+)?\/[\w.-]+(?:@\d+)?$/.test(repository)) {
    return repository;
  }
  throw new InvalidDeployerError(
    'Say which repository may deploy, as GitHub spells it: -c repository=<owner>/<name>, or with their ids, <owner>@<id>/<name>@<id> (docs/deploying.md)',
  );
}

function copiesRegionOf(app: App): string | undefined {
  const region: unknown = app.node.tryGetContext('copies');
  if (region === undefined) return undefined;
  if (typeof region === 'string' && isRegion(region)) return region;
  throw new InvalidDeployerError('Say where the copies of backups go: -c copies=<region>');
}

function stagesOf(app: App) {
  const wanted: unknown = app.node.tryGetContext('stages') ?? WORKFLOW_STAGES;
  const names = String(wanted).split(',');
  const stages = names.filter(isStageName);
  if (stages.length === names.length) return stages;
  throw new InvalidDeployerError(
    `Say which stages this account has: -c stages=<one or more of ${stageNames.join(',')}>`,
  );
}
