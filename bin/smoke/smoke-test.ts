import { createHmac, randomBytes } from 'node:crypto';
import type { Finding } from '#app/check-business.ts';
import { isObject, listAt } from '#domain/json.ts';

export interface SmokeTarget {
  /** Where the API answers, without a slash at the end. */
  readonly url: string;
  /** Of the Meta app; without it no signed webhook is tried. */
  readonly appSecret: string | undefined;
}

export interface SmokeDeps {
  fetch(url: string, init?: RequestInit): Promise<Response>;
  pause(ms: number): Promise<unknown>;
}

/** A release that has just come in may need a cold start, and a table or queue a moment. */
const TRIES = 3;
const PAUSE_MS = 5_000;
const PATIENCE_MS = 10_000;

/** As Meta sends it, and with nothing in it: it is taken and leaves no trace. */
const NOTHING = JSON.stringify({ object: 'whatsapp_business_account', entry: [] });

/**
 * Whether what is deployed takes Meta's webhooks, by its real address and with nothing left behind: it is
 * alive, reaches its tables, queues and secret, refuses who does not sign, and takes who does.
 */
export async function smokeTest(
  { url, appSecret }: SmokeTarget,
  deps: SmokeDeps,
): Promise<readonly Finding[]> {
  const webhook = `${url}/webhook`;
  const post = (signature?: string): RequestInit => ({
    method: 'POST',
    body: NOTHING,
    headers: {
      'content-type': 'application/json',
      ...(signature && { 'x-hub-signature-256': signature }),
    },
  });
  const guess = `sha256=${randomBytes(32).toString('hex')}`;
  const query = new URLSearchParams({
    'hub.mode': 'subscribe',
    'hub.verify_token': randomBytes(16).toString('hex'),
    'hub.challenge': 'smoke',
  });
  const checks: readonly Check[] = [
    { check: 'alive', url: `${url}/healthz`, expected: 200 },
    { check: 'ready', url: `${url}/readyz`, expected: 200 },
    { check: 'no signature', url: webhook, init: post(), expected: 401 },
    { check: 'wrong signature', url: webhook, init: post(guess), expected: 401 },
    { check: 'wrong verify token', url: `${webhook}?${query}`, expected: 403 },
    ...(appSecret === undefined
      ? []
      : [{ check: 'signed webhook', url: webhook, init: post(signed(appSecret)), expected: 200 }]),
  ];
  const findings = await Promise.all(checks.map((check) => tried(check, deps)));
  return appSecret === undefined
    ? [
        ...findings,
        {
          verdict: 'warning',
          check: 'signed webhook',
          message: 'Not tried: a signed webhook',
          advice: 'put the app secret into SMOKE_APP_SECRET',
        },
      ]
    : findings;
}

/** The local stack: there is no name to look up. */
function isHere(url: string): boolean {
  return ['127.0.0.1', 'localhost'].includes(new URL(url).hostname);
}

function signed(appSecret: string): string {
  return `sha256=${createHmac('sha256', appSecret).update(NOTHING).digest('hex')}`;
}

interface Check {
  readonly check: string;
  readonly url: string;
  readonly init?: RequestInit;
  readonly expected: number;
}

async function tried(check: Check, deps: SmokeDeps): Promise<Finding> {
  for (let left = TRIES; ; left -= 1) {
    const finding = await once(check, deps);
    if (finding.verdict === 'ok' || left <= 1) return finding;
    await deps.pause(PAUSE_MS);
  }
}

async function once({ check, url, init, expected }: Check, { fetch }: SmokeDeps): Promise<Finding> {
  try {
    const response = await fetch(url, { ...init, signal: AbortSignal.timeout(PATIENCE_MS) });
    const body = await response.text();
    if (response.status === expected) {
      return { verdict: 'ok', check, message: `${check}: ${expected}, as it should` };
    }
    const why = check === 'ready' ? unreadyIn(body) : '';
    return {
      verdict: 'failed',
      check,
      message: `${check}: ${response.status} instead of ${expected}${why}`,
      advice: 'npx concierge doctor says more; the functions’ logs say all',
    };
  } catch (error) {
    const name = error instanceof Error ? error.name : 'unknown';
    return {
      verdict: 'failed',
      check,
      message: `${check}: no answer (${name})`,
      advice: isHere(url)
        ? 'does npm start run here, and on this port?'
        : 'is the address right, and the DNS record there?',
    };
  }
}

/** What /readyz names as not ready, if it does. */
function unreadyIn(body: string): string {
  try {
    const value: unknown = JSON.parse(body);
    const checks = isObject(value) ? listAt(value, 'checks').filter(isObject) : [];
    const failing = checks.filter((each) => each['ok'] === false).map((each) => each['name']);
    return failing.length > 0 ? `: ${failing.join(', ')}` : '';
  } catch {
    return '';
  }
}
