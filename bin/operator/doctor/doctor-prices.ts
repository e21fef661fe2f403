import type { Finding } from '#app/check-business.ts';
import { META_PRICES_AS_OF } from '#domain/money/meta-prices.ts';
import { MODEL_PRICES_AS_OF, priceOfModel } from '#domain/money/model-prices.ts';
import { TRANSCRIPTION_PRICES_AS_OF } from '#domain/money/transcription-prices.ts';
import { deployments } from '../../deployments.ts';
import type { Patient } from './doctor.ts';

/** Meta may change its prices with every quarter, and announces that a month before. */
const STALE_AFTER_DAYS = 120;
const DAY_MS = 86_400_000;

const LISTS: Readonly<Record<string, string>> = {
  OpenAI: MODEL_PRICES_AS_OF,
  Meta: META_PRICES_AS_OF,
  'the transcription': TRANSCRIPTION_PRICES_AS_OF,
};

/** Whether budgets are counted by prices that still hold. */
export async function priceFindings({ application, target }: Patient): Promise<readonly Finding[]> {
  const stage = deployments[target.kind === 'cloud' ? target.stage : 'dev'];
  const findings = Object.entries(LISTS).map(([whose, asOf]) =>
    judgeAge(whose, asOf, application.clock.now()),
  );
  const tenants = await application.register.list();
  const models = tenants.flatMap(({ tenant }) =>
    tenant === 'misconfigured' ? [] : [tenant.model, tenant.fallbackModel],
  );
  const unknown = new Set(
    [stage.processor.defaultModel, ...models].filter(
      (model) => model !== undefined && !priceOfModel(model).isKnown,
    ),
  );
  for (const model of unknown) {
    findings.push({
      verdict: 'warning',
      check: 'prices',
      message: `The price of model ${model} is not known: it counts as the dearest that is`,
      advice: 'Add it to src/domain/money/model-prices.ts',
    });
  }
  return findings;
}

function judgeAge(whose: string, asOf: string, nowMs: number): Finding {
  const days = Math.floor((nowMs - Date.parse(asOf)) / DAY_MS);
  const message = `Budgets count by ${whose}'s prices of ${asOf}`;
  if (days <= STALE_AFTER_DAYS) return { verdict: 'ok', check: 'prices', message };
  return {
    verdict: 'warning',
    check: 'prices',
    message: `${message}, ${days} days ago`,
    advice: 'Compare them with the price list, and deploy what changed: src/domain/money',
  };
}
