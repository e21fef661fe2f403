import { DEFAULT_MANNERS, outputTokensOf } from '#domain/tenant/manners-settings.ts';
import type { StageName } from '#lib/config/stages.ts';
import { jobsConcurrency } from '#lib/functions/jobs-function.ts';
import { deployments } from '../../bin/deployments.ts';
import { deployedFrom } from '../cost/deployed.ts';
import { readMeasured } from '../cost/measured.ts';
import { type Traffic, USUAL_TRAFFIC } from '../cost/traffic.ts';
import { stageTemplates } from '../documents/stage-templates.ts';
import { type Deployment, deploymentOf, withProcessors } from './deployment.ts';
import type { Scenario } from './hold.ts';
import { ASSUMED } from './limits.ts';
import { businessesOf, type Planning } from './plan.ts';
import { workOfMessage } from './work.ts';

/** What a question may set otherwise. */
export interface Wish {
  readonly stage: StageName;
  readonly conversationsADay: number | undefined;
  readonly reserved: number | undefined;
  readonly batchSize: number | undefined;
  readonly modelSeconds: number | undefined;
}

export const USUAL_WISH: Wish = {
  stage: 'prod',
  conversationsADay: undefined,
  reserved: undefined,
  batchSize: undefined,
  modelSeconds: undefined,
};

/** Any; runs are the same for the same. */
const SEED = 20_261_126;
/** As src/app/ask-memory-model.ts asks; a model counts what it may say before it has said anything. */
const MEMORY_OUTPUT_TOKENS = 2_500;

/** A stage as its template has it, and what is wished otherwise. */
export function planningFor(wish: Wish): Planning {
  const { stage } = wish;
  const { processor, secrets } = deployments[stage];
  const traffic = trafficOf(wish);
  const deployed = deployedFrom(stageTemplates(stage));
  const scene = { traffic, deployed, measured: readMeasured() };
  return {
    scene,
    facts: { stage, model: processor.defaultModel, vault: secrets.tenantVault },
    deployment: asWished(stageDeployment(stage, deployed, traffic), wish),
    scenario: scenarioOf(scene),
  };
}

/** Other stages as they are, to be compared. */
export function stageDeployment(
  stage: StageName,
  deployed = deployedFrom(stageTemplates(stage)),
  { tenants, conversationsADay }: Traffic = USUAL_TRAFFIC,
): Deployment {
  const { limits, processor } = deployments[stage];
  return deploymentOf(deployed, {
    turnsPerMinutePerTenant: limits.turnsPerMinutePerTenant ?? Number.POSITIVE_INFINITY,
    answerDeadlineSeconds: processor.answerDeadlineSeconds,
    tenants: businessesOf(conversationsADay, tenants),
  });
}

function trafficOf({ conversationsADay, modelSeconds }: Wish): Traffic {
  return {
    ...USUAL_TRAFFIC,
    conversationsADay: conversationsADay ?? USUAL_TRAFFIC.conversationsADay,
    modelSeconds: modelSeconds ?? USUAL_TRAFFIC.modelSeconds,
  };
}

/** With so many processors, and as many places for jobs as the template then has. */
export function asTemplated(deployment: Deployment, processors: number): Deployment {
  const jobs = { ...deployment.jobs, maxConcurrency: jobsConcurrency(processors) };
  return { ...withProcessors(deployment, processors), jobs };
}

function asWished(deployment: Deployment, { reserved, batchSize }: Wish): Deployment {
  const processors = reserved === undefined ? deployment : asTemplated(deployment, reserved);
  if (batchSize === undefined) return processors;
  return { ...processors, processor: { ...processors.processor, batchSize } };
}

function scenarioOf(scene: Planning['scene']): Scenario {
  const { traffic } = scene;
  return {
    work: workOfMessage(scene),
    peers: {
      modelSeconds: traffic.modelSeconds,
      modelSpread: ASSUMED.modelSpread,
      graphSeconds: traffic.graphSeconds,
      memorySeconds: traffic.memorySeconds,
      turnTokens: traffic.inputTokens + outputTokensOf({ manners: DEFAULT_MANNERS }),
      memoryTokens: traffic.memoryInputTokens + MEMORY_OUTPUT_TOKENS,
    },
    turns: traffic.turns,
    seed: SEED,
  };
}
