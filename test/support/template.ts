import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { conciergeApp } from '#lib/concierge-app.ts';
import type { StageConfig, StageName } from '#lib/config/stages.ts';
import { StatefulStack } from '#lib/stacks/stateful-stack.ts';
import { deployments } from '../../bin/deployments.ts';

/** Both templates of one stage. */
export interface StageTemplates {
  readonly stateful: Template;
  readonly service: Template;
  /** CloudFormation refuses to delete a stack that has it. */
  readonly terminationProtection: { readonly stateful: boolean; readonly service: boolean };
}

/**
 * Synthesizes a stage as it is deployed, without bundling its code. Takes a second: do it once per
 * file and share what comes out.
 */
export function synthesizeStage(
  stage: StageName,
  changes: Partial<StageConfig> = {},
): StageTemplates {
  const outdir = mkdtempSync(join(tmpdir(), 'concierge-synth-'));
  try {
    const changed = { ...deployments, [stage]: { ...deployments[stage], ...changes } };
    const assembly = conciergeApp(changed, {
      outdir,
      // As the CDK does it, this takes a second; test/cdk/app.test.ts does it for all stages.
      builtinCloudFormationValidation: false,
      context: { stage, 'aws:cdk:bundling-stacks': [] },
    }).synth();
    const stateful = assembly.getStackByName(`concierge-${stage}-stateful`);
    const service = assembly.getStackByName(`concierge-${stage}-service`);
    return {
      stateful: Template.fromJSON(stateful.template),
      service: Template.fromJSON(service.template),
      terminationProtection: {
        stateful: stateful.terminationProtection ?? false,
        service: service.terminationProtection ?? false,
      },
    };
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

/** The tables alone, of a stage as it is deployed. */
export function synthesizeState(stage: StageName): Template {
  const app = new App({ analyticsReporting: false });
  return Template.fromStack(new StatefulStack(app, 'state', { config: deployments[stage] }));
}
