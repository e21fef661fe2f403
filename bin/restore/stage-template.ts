import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { conciergeApp } from '#lib/concierge-app.ts';
import { stackNames } from '#lib/config/stack-names.ts';
import type { StageName } from '#lib/config/stages.ts';
import { deployments } from '../deployments.ts';
import { OperatorError } from '../operator/operator-error.ts';
import type { ByRole, TableRole } from './stage-facts.ts';
import type { TableProperties } from './table-settings.ts';

/** What the templates of this release say of a stage. */
export interface StageTemplate {
  readonly tables: ByRole<TableProperties>;
  /** What the service stack reserves for its functions, by their logical ids. */
  readonly concurrency: ReadonlyMap<string, number>;
}

interface Resource {
  readonly Type: string;
  readonly Properties?: TableProperties;
}

/**
 * Synthesizes the stage as it would be deployed, with its own tables: what a restore did before does not
 * matter, nor do replicas, which are put beside a restored table by hand.
 * @throws OperatorError where the tables are not in it, or under another key than the stack says
 */
export function readStageTemplate(stage: StageName): StageTemplate {
  const { restored: _, recovery, ...config } = deployments[stage];
  const { replicas: __, ...unreplicated } = recovery;
  const outdir = mkdtempSync(join(tmpdir(), 'concierge-restore-'));
  try {
    const assembly = conciergeApp(
      { ...deployments, [stage]: { ...config, recovery: unreplicated } },
      { outdir, context: { stage, 'aws:cdk:bundling-stacks': [] } },
    ).synth();
    const names = stackNames(stage);
    const stateful: Template = assembly.getStackByName(names.stateful).template;
    const service: Template = assembly.getStackByName(names.service).template;
    return {
      tables: {
        tenants: tableOf(stateful, 'tenants'),
        conversations: tableOf(stateful, 'conversations'),
      },
      concurrency: concurrencyOf(service),
    };
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

interface Template {
  readonly Resources: Readonly<Record<string, Resource>>;
  readonly Outputs: Readonly<Record<string, { readonly Value: unknown }>>;
}

function tableOf({ Resources, Outputs }: Template, role: TableRole): TableProperties {
  const id = role === 'tenants' ? /^Tenants[0-9A-F]{8}$/ : /^Conversations[0-9A-F]{8}$/;
  const found = Object.entries(Resources).find(
    ([name, { Type }]) => Type === 'AWS::DynamoDB::Table' && id.test(name),
  );
  const properties = found?.[1].Properties;
  const { KMSMasterKeyId: key } = Object(properties?.['SSESpecification']);
  if (properties === undefined || !isSame(key, Outputs['SecretsKeyArn']?.Value)) {
    throw new OperatorError(
      `The template has no ${role} table under the key of its output SecretsKeyArn: teach bin/restore/stage-template.ts where they are now.`,
    );
  }
  return properties;
}

function concurrencyOf({ Resources }: Template): ReadonlyMap<string, number> {
  const reserved = Object.entries(Resources).flatMap(([id, { Type, Properties }]) => {
    const number = Properties?.['ReservedConcurrentExecutions'];
    return Type === 'AWS::Lambda::Function' && typeof number === 'number'
      ? [[id, number] as const]
      : [];
  });
  return new Map(reserved);
}

function isSame(one: unknown, other: unknown): boolean {
  return one !== undefined && JSON.stringify(one) === JSON.stringify(other);
}
