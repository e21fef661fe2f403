import { priceByCountry } from '#domain/money/meta-prices.ts';
import { costOfUsage } from '#domain/money/model-cost.ts';
import type { Traffic } from './traffic.ts';

const MICROS = 1_000_000;

/** What the two peers outside AWS ask for a million messages, by the lists that the application counts with. */
export interface PeerDollars {
  readonly model: number;
  readonly meta: number;
}

/**
 * A call costs whole micro-dollars, so that those of one call are the dollars of a million. What is not read
 * from the provider's cache counts as written into it, as the ledger counts it.
 */
export function peerDollarsPerMillion(traffic: Traffic, model: string): PeerDollars {
  const reply = costOfUsage(model, {
    inputTokens: traffic.inputTokens,
    cachedInputTokens: Math.round(traffic.inputTokens * traffic.cachedShare),
    outputTokens: traffic.outputTokens,
  });
  const remembering = costOfUsage(model, {
    inputTokens: traffic.memoryInputTokens,
    cachedInputTokens: 0,
    outputTokens: traffic.memoryOutputTokens,
  });
  const meta = priceByCountry(traffic.country).service;
  return { model: reply + remembering / traffic.turns, meta: (meta / MICROS) * 1e6 };
}
