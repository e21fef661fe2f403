import { App, type AppProps, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';
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
 * another stack has made GitHub's provider.
 * @throws InvalidDeployerError
 */
export function deployerApp(props: AppProps = {}): App {
  const app = new App({ analyticsReporting: false, ...props });
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app), new ServerlessChecks(app));
  new DeployerStack(app, 'concierge-deployer', {
    repository: repositoryOf(app),
    stages: stagesOf(app),
    makesProvider: app.node.tryGetContext('provider') !== 'existing',
    description: 'WhatsApp Concierge: lets GitHub deploy',
  });
  return app;
}

function repositoryOf(app: App): string {
  const repository: unknown = app.node.tryGetContext('repository');
  // A * in here would let in other repositories.
  if (typeof repository === 'string' && /^[\w.-]+\/[\w.-]+$/.test(repository)) return repository;
  throw new InvalidDeployerError(
    'Say which repository may deploy: -c repository=<owner>/<name>, as GitHub spells it',
  );
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
