import type { RestoredTables } from '#lib/config/recovery.ts';
import type { StageConfig, StageName } from '#lib/config/stages.ts';
import { OperatorError } from '../operator/operator-error.ts';
import type { RestoreDeps } from './aws.ts';
import { mendSettings } from './mend-settings.ts';
import type { RestoreOrder } from './read-order.ts';
import { readWorkers } from './read-workers.ts';
import { planRestore, type RestorePlan } from './restore-plan.ts';
import { beginRestore } from './restore-table.ts';
import { readStageFacts, tableRoles } from './stage-facts.ts';
import type { StageTemplate } from './stage-template.ts';
import { wantedSettings } from './table-settings.ts';
import { resumeTraffic, stopTraffic, trafficStoppedAt } from './traffic.ts';
import { verifyTables } from './verify-table.ts';

/** What bin/deployments.ts and the templates of this release say. */
export interface RestoreSources {
  readonly config: Pick<StageConfig, 'restored'>;
  template(): StageTemplate;
}

type Restore = Extract<RestoreOrder, { kind: 'restore' }>;

/** @throws OperatorError that says what to do */
export async function runOrder(
  deps: RestoreDeps,
  sources: RestoreSources,
  order: RestoreOrder,
): Promise<void> {
  switch (order.kind) {
    case 'stop-traffic': {
      const stoppedAt = await stopTraffic(deps, order.stage);
      deps.say(`Nothing was written since ${stoppedAt.toISOString()}. Meta keeps what comes.`);
      break;
    }
    case 'resume-traffic':
      await mustServeWhatIsConfigured(deps, sources, order.stage);
      await resumeTraffic(deps, order.stage, sources.template().concurrency);
      deps.say('Open. Meta sends again what it kept, within minutes to hours.');
      break;
    case 'restore':
      await restore(deps, sources, order);
  }
}

/**
 * 1. Plans: which tables are made of what, and whether they can be.
 * 2. Has both made, to the same second, and waits for them.
 * 3. Puts back the settings that a restore loses.
 * 4. Looks whether they can be worked with.
 * 5. Says what to write into bin/deployments.ts.
 *
 * Asks AWS each time what is done, and notes nothing itself: the same command goes on where it was ended.
 */
async function restore(
  deps: RestoreDeps,
  sources: RestoreSources,
  { stage, point, dryRun }: Restore,
): Promise<void> {
  const facts = await readStageFacts(deps, stage);
  const { tables } = sources.template();
  const wanted = {
    tenants: wantedSettings(tables.tenants, facts.keyArn),
    conversations: wantedSettings(tables.conversations, facts.keyArn),
  };
  const plan = await planRestore(deps, facts, point);
  for (const role of tableRoles) {
    const { source, target } = plan[role];
    const from = source.kind === 'time' ? source.table : source.arn;
    deps.say(`${role}: ${from} of ${source.at.toISOString()} -> ${target}`);
  }
  if (dryRun) return;
  const begun: (() => Promise<void>)[] = [];
  for (const role of tableRoles) begun.push(await beginRestore(deps, facts, plan[role]));
  for (const finished of begun) await finished();
  for (const role of tableRoles) await mendSettings(deps, plan[role].target, wanted[role]);
  await verifyTables(deps, plan);
  deps.say(await whatNext(deps, stage, plan));
}

async function whatNext(
  deps: RestoreDeps,
  stage: StageName,
  { tenants, conversations }: RestorePlan,
): Promise<string> {
  const stoppedAt = await trafficStoppedAt(deps, stage);
  if (stoppedAt === undefined) {
    return `Both tables are ready, and nothing uses them. The former ones are still written to: npm run restore -- ${stage} --stop-traffic, then this command again, which says what to deploy.`;
  }
  const entry: RestoredTables = {
    until: stoppedAt.toISOString(),
    conversationsTable: conversations.target,
    tenantsTable: tenants.target,
  };
  const lines = Object.entries(entry).map(([name, value]) => `      ${name}: '${value}',`);
  return `Both tables are ready. Put this into stage ${stage} of bin/deployments.ts:

    restored: {
${lines.join('\n')}
    },

then: npm run deploy -- ${stage} --at-once
then: whoever was erased since is back, and erased again: docs/runbooks/restore.md
last: npm run restore -- ${stage} --resume-traffic`;
}

/**
 * Both stacks must be deployed as configured: the tables are named by the one, and the functions, which a
 * deployment that failed half-way leaves with the former tables, are of the other.
 * @throws OperatorError where they are not
 */
async function mustServeWhatIsConfigured(
  deps: RestoreDeps,
  { config: { restored } }: RestoreSources,
  stage: StageName,
): Promise<void> {
  const { serving } = await readStageFacts(deps, stage);
  const workers = await readWorkers(deps, stage);
  const isDeployed =
    (restored === undefined ||
      (serving.conversations === restored.conversationsTable &&
        serving.tenants === restored.tenantsTable)) &&
    workers.every(
      ({ conversations, restoredUntil }) =>
        conversations === serving.conversations &&
        (restoredUntil === undefined || restoredUntil === restored?.until),
    ) &&
    (restored === undefined || workers.some((each) => each.restoredUntil === restored.until));
  if (isDeployed) return;
  const used = [...new Set(workers.map(({ conversations }) => conversations))].join(' and ');
  throw new OperatorError(
    `The stack has ${serving.tenants} and ${serving.conversations}, the functions work with ${used}, and bin/deployments.ts says otherwise: npm run deploy -- ${stage} --at-once, then this command again.`,
  );
}
