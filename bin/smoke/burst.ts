import type { Finding } from '#app/check-business.ts';
import { SIGNED_NOTHING, signed } from './signed-nothing.ts';

interface BurstTarget {
  /** Where the API answers, without a slash at the end. */
  readonly url: string;
  readonly appSecret: string;
}

interface BurstDeps {
  fetch(url: string, init?: RequestInit): Promise<Response>;
  nowMs(): number;
}

const AT_ONCE = 25;
const WEBHOOKS = 400;
const PATIENCE_MS = 10_000;
/** Meta's guidance for its webhooks is a median of 250 ms and under 1 % above 1 s; this allows for the way here. */
const LIMITS = [
  { name: 'half', share: 0.5, ms: 500 },
  { name: '99 of 100', share: 0.99, ms: 1_000 },
] as const;

/**
 * Many webhooks at once, signed and with nothing in them, so that nothing is stored and nobody is answered:
 * whether each is taken, and as soon as Meta expects. What a first round takes does not count, since it
 * starts the functions.
 */
export async function burst(target: BurstTarget, deps: BurstDeps): Promise<readonly Finding[]> {
  const first = await round(AT_ONCE, target, deps);
  const timed = await round(WEBHOOKS, target, deps);
  const all = [...first, ...timed];
  const refused = all.filter(({ status }) => status !== 200);
  const statuses = [...new Set(refused.map(({ status }) => status))].join(', ');
  const sorted = timed.map(({ ms }) => ms).sort((one, other) => one - other);
  return [
    finding(
      refused.length === 0,
      `${all.length - refused.length} of ${all.length} webhooks taken, ${AT_ONCE} at once${statuses && `; the others: ${statuses}`}`,
    ),
    ...LIMITS.map(({ name, share, ms }) => {
      const took = Math.round(sorted[Math.ceil(share * sorted.length) - 1] ?? 0);
      return finding(took <= ms, `${name} within ${took} ms, of ${ms} allowed`);
    }),
  ];
}

async function round(count: number, target: BurstTarget, deps: BurstDeps) {
  const answers: { readonly status: number | 'no answer'; readonly ms: number }[] = [];
  let left = count;
  const sender = async () => {
    while (left > 0) {
      left -= 1;
      const startedMs = deps.nowMs();
      const status = await send(target, deps);
      answers.push({ status, ms: deps.nowMs() - startedMs });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, sender));
  return answers;
}

async function send({ url, appSecret }: BurstTarget, { fetch }: BurstDeps) {
  try {
    const response = await fetch(`${url}/webhook`, {
      method: 'POST',
      body: SIGNED_NOTHING,
      headers: { 'content-type': 'application/json', 'x-hub-signature-256': signed(appSecret) },
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    await response.arrayBuffer();
    return response.status;
  } catch {
    return 'no answer';
  }
}

function finding(isWell: boolean, message: string): Finding {
  const advice =
    'compare the dashboard’s first columns; the former release: docs/runbooks/release-rolled-back.md';
  return isWell
    ? { verdict: 'ok', check: 'burst', message }
    : { verdict: 'failed', check: 'burst', message, advice };
}
