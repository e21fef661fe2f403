import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JsonObject } from '#domain/json.ts';
import { conciergeApp } from '#lib/concierge-app.ts';
import type { StageName } from '#lib/config/stages.ts';
import { deployments } from '../../bin/deployments.ts';

/** The templates of a stage as `cdk deploy` deploys it, without bundling its code. */
export function stageTemplates(stage: StageName): readonly JsonObject[] {
  const outdir = mkdtempSync(join(tmpdir(), 'concierge-templates-'));
  try {
    const { stacks } = conciergeApp(deployments, {
      outdir,
      // `npm run synth` has it judged; here it is read.
      builtinCloudFormationValidation: false,
      context: { stage, 'aws:cdk:bundling-stacks': [] },
    }).synth();
    return stacks.map(({ template }) => template);
  } finally {
    rmSync(outdir, { recursive: true });
  }
}
