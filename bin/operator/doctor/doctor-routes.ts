import type { Finding } from '#app/check-business.ts';
import { isObject, listAt, textAt } from '#domain/json.ts';
import { deployments } from '../../deployments.ts';
import type { Patient } from './doctor.ts';

/** One request, and how it must be answered. */
export interface Probe {
  /** After the address of the API; a query is never told. */
  readonly path: string;
  readonly method: 'GET' | 'POST';
  readonly status: number;
  /** Where the answer must hold just this. */
  readonly text?: string;
  readonly means: string;
  readonly advice: string;
}

const WRONG = '/webhook?hub.mode=subscribe&hub.challenge=1&hub.verify_token=none-of-ours';

const PROBES: readonly Probe[] = [
  {
    path: '/healthz',
    method: 'GET',
    status: 200,
    means: 'the API answers',
    advice: 'docs/runbooks/api-server-errors.md',
  },
  {
    path: '/readyz',
    method: 'GET',
    status: 200,
    means: 'secret, tables and queues can be reached',
    advice: 'repair what is named; the health function logs why',
  },
  {
    path: WRONG,
    method: 'GET',
    status: 403,
    means: 'a wrong verify token is refused',
    advice: 'a 5xx: put the platform secret, see docs/runbooks/function-errors.md',
  },
  unsignedProbe('/webhook'),
];

/** Whoever asks without the app secret must be refused. */
export function unsignedProbe(path: string): Probe {
  return {
    path,
    method: 'POST',
    status: 401,
    means: 'an unsigned webhook is refused',
    advice: 'a 2xx: take the webhook down, anybody could write in the name of customers',
  };
}

const TIMEOUT_MS = 15_000;
const SKEW_WARNING_MS = 10_000;
/** Beyond it AWS refuses the signatures of requests. */
const SKEW_FAILURE_MS = 240_000;

/** Whether the public routes answer as they must, and what their clock says. */
export async function routeFindings(patient: Patient): Promise<readonly Finding[]> {
  const base = baseOf(patient);
  const findings: Finding[] = [];
  for (const probe of PROBES) {
    const startedMs = patient.application.clock.now();
    const answer = await ask(base, probe);
    if (typeof answer === 'string') {
      findings.push(unreachable(answer, base, patient));
      break;
    }
    findings.push(judge(probe, answer));
    if (probe.path === '/healthz') {
      findings.push(...clockFinding(answer.dateMs, startedMs, patient.application.clock.now()));
    }
  }
  return findings;
}

export function baseOf({ application }: Patient): string {
  return application.webhookUrl.replace(/\/webhook$/, '');
}

/** The verdict on one probe. @returns undefined where there was no answer */
export async function probeFinding(base: string, probe: Probe): Promise<Finding | undefined> {
  const answer = await ask(base, probe);
  return typeof answer === 'string' ? undefined : judge(probe, answer);
}

interface Answer {
  readonly status: number;
  readonly text: string;
  readonly dateMs: number;
  readonly failing: readonly string[];
}

/** @returns a word for why there was no answer */
async function ask(base: string, { path, method }: Probe): Promise<Answer | string> {
  try {
    const response = await fetch(`${base}${path}`, {
      method,
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
      ...(method === 'POST' && { body: '{}' }),
    });
    const text = await response.text();
    const body = parse(text);
    const checks = isObject(body) ? listAt(body, 'checks').filter(isObject) : [];
    return {
      status: response.status,
      text,
      dateMs: Date.parse(response.headers.get('date') ?? ''),
      failing: checks.flatMap((each) => (each['ok'] === false ? [textAt(each, 'name') ?? ''] : [])),
    };
  } catch (error) {
    const cause = error instanceof Error ? error.cause : undefined;
    const code = cause instanceof Error ? Reflect.get(cause, 'code') : undefined;
    return typeof code === 'string' ? code : error instanceof Error ? error.name : 'no answer';
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function judge(probe: Probe, { status, text, failing }: Answer): Finding {
  const [path = ''] = probe.path.split('?');
  const check = `${probe.method} ${path}`;
  const isRight = status === probe.status && text === (probe.text ?? text);
  if (isRight) {
    return { verdict: 'ok', check, message: `${check}: ${status}, ${probe.means}` };
  }
  const which = failing.length > 0 ? ` (${failing.join(', ')})` : '';
  return {
    verdict: 'failed',
    check,
    message: `${check}: ${status}${which} in place of ${probe.status}`,
    advice: probe.advice,
  };
}

function unreachable(why: string, base: string, { target }: Patient): Finding {
  const isBehindMutualTls =
    target.kind === 'cloud' && deployments[target.stage].api.domain !== undefined;
  return isBehindMutualTls
    ? {
        verdict: 'warning',
        check: 'routes',
        message: `${base} does not answer without Meta's client certificate (${why}): the routes were not looked at`,
        advice: "see whether Meta's webhooks come: metric MessagesAccepted",
      }
    : {
        verdict: 'failed',
        check: 'routes',
        message: `${base} does not answer (${why})`,
        advice: 'check the network, the name and the deployment',
      };
}

/** The server's clock by its Date header, which has whole seconds. */
function clockFinding(dateMs: number, startedMs: number, endedMs: number): readonly Finding[] {
  if (Number.isNaN(dateMs)) return [];
  const beforeMs = startedMs - (dateMs + 1000);
  const afterMs = dateMs - endedMs;
  const skewMs = Math.max(0, beforeMs, afterMs);
  const seconds = Math.round(skewMs / 1000);
  if (skewMs <= SKEW_WARNING_MS) {
    return [{ verdict: 'ok', check: 'clock', message: 'The clock here goes like the one there' }];
  }
  return [
    {
      verdict: skewMs > SKEW_FAILURE_MS ? 'failed' : 'warning',
      check: 'clock',
      message: `The clock here is ${seconds} s ${beforeMs > 0 ? 'ahead of' : 'behind'} the one there`,
      advice: 'set the clock of this machine: AWS refuses requests that are five minutes off',
    },
  ];
}
