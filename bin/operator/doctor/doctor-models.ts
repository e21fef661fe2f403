import type { Finding } from '#app/check-business.ts';
import type { RegisteredTenant } from '#app/ports/tenant-register.ts';
import {
  MODEL_SHUTDOWNS_AS_OF,
  shutdownInWords,
  shutdownOf,
} from '#domain/money/model-shutdowns.ts';
import { findTenant, readTenantId } from '#operator/find-tenant.ts';
import { inWords } from '#operator/target.ts';
import { deployments } from '../../deployments.ts';
import type { Patient } from './doctor.ts';

/** A model that is asked by somebody, and who says so. */
interface Use {
  readonly model: string;
  readonly whose: string;
  readonly advice: string;
}

/** Models that are off, or will be before long: their customers get the fallback text then. */
export async function modelFindings(patient: Patient): Promise<readonly Finding[]> {
  const { application, target, options } = patient;
  const tenants =
    options.tenant === undefined
      ? await application.register.list()
      : [await findTenant(readTenantId(options.tenant), application.register, target)];
  const stage = deployments[target.kind === 'cloud' ? target.stage : 'dev'];
  const uses: readonly Use[] = [
    {
      model: stage.processor.defaultModel,
      whose: 'the stage',
      advice: 'processor.defaultModel in bin/deployments.ts, then deploy',
    },
    ...tenants.flatMap((tenant) => usesOf(tenant, patient)),
  ];
  const nowMs = application.clock.now();
  const findings = uses.flatMap((use) => judge(use, nowMs));
  if (findings.length > 0) return findings;
  const message = `No model in use is known to end soon, as of ${MODEL_SHUTDOWNS_AS_OF}`;
  return [{ verdict: 'ok', check: 'models', message }];
}

function usesOf({ id, tenant }: RegisteredTenant, { target }: Patient): readonly Use[] {
  if (tenant === 'misconfigured') return [];
  const models = { '--model': tenant.model, '--fallback-model': tenant.fallbackModel };
  return Object.entries(models).flatMap(([option, model]) =>
    model === undefined
      ? []
      : [
          {
            model,
            whose: id,
            advice: `npx concierge tenant set ${id} ${option} <model> ${inWords(target)}`,
          },
        ],
  );
}

function judge({ model, whose, advice }: Use, nowMs: number): readonly Finding[] {
  const message = shutdownInWords(model, nowMs);
  if (message === undefined) return [];
  const isOff = (shutdownOf(model, nowMs)?.daysLeft ?? 0) < 0;
  const verdict = isOff ? 'failed' : 'warning';
  return [{ verdict, check: 'models', message: `${whose}: ${message}`, advice }];
}
