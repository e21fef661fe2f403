import { UsageError } from '../../bin/operator/operator-error.ts';
import { APP_SECRET, DEMO_BUSINESSES } from '../../local/demo.ts';
import { SIMULATOR_API_PREFIX } from '../../local/simulator-api/simulator-api.ts';
import { isObject, type JsonObject, listAt, numberAt, textAt } from '../../src/domain/json.ts';
import type { Look } from '../judge/reconcile.ts';
import { answersIn } from './read-answers.ts';
import { countsBy, type LoadTarget, type Witness } from './target.ts';

/** Whether what answers there is the local stack. */
export async function isLocalStack(url: string): Promise<boolean> {
  const response = await fetch(`${url}${SIMULATOR_API_PREFIX}stack`, {
    signal: AbortSignal.timeout(5_000),
  }).catch(() => undefined);
  if (!response?.ok) return false;
  const answer: unknown = await response.json().catch(() => undefined);
  return isObject(answer) && textAt(answer, 'aws_url') !== undefined;
}

/** As long as a real one takes: meanwhile the processor waits, and leaves the cores to the acknowledgements. */
const MODEL_MS = 3_000;

/**
 * The stack of `npm start`, with the demo's businesses as those that are written to.
 * @param close what is to end with the run
 * @throws UsageError where the real OpenAI answers: nobody wants to pay for this
 */
export async function localTarget(
  url: string,
  appSecret: string | undefined,
  close: () => Promise<void>,
): Promise<LoadTarget> {
  const model = await ask(url, 'model');
  if (textAt(model, 'kind') !== 'scripted') {
    throw new UsageError(
      `The real OpenAI answers at ${url}: start it without OPENAI_API_KEY, so that a run costs nothing`,
    );
  }
  const latencyMs = numberAt(model, 'latency_ms') ?? 0;
  await tell(url, 'model', { latency_ms: MODEL_MS });
  // What the simulated phones tell of our bubbles would be counted among the statuses of the run.
  await tell(url, 'statuses', { delivery: 'lost' });
  const numbers = DEMO_BUSINESSES.map(({ phoneNumberId }) => phoneNumberId);
  return {
    name: 'local',
    place: 'local',
    url,
    appSecret: appSecret ?? APP_SECRET,
    numbers: { any: numbers, noisy: numbers.slice(0, 1), quiet: numbers.slice(1) },
    witness: witnessOf(url, numbers),
    close: async () => {
      // It may be gone, which is no reason to leave what was brought up.
      await tell(url, 'statuses', { delivery: 'normal' }).catch(() => undefined);
      await tell(url, 'model', { latency_ms: latencyMs }).catch(() => undefined);
      await close();
    },
  };
}

function witnessOf(url: string, numbers: readonly string[]): Witness {
  return {
    everyMs: 1_000,
    patienceMs: 180_000,
    strangersIn: () => 0,
    look: () => lookAt(url),
    readAnswers: async () => {
      const chats = await Promise.all(numbers.map((number) => ask(url, `chats/${number}`)));
      return answersIn(chats.flatMap((each) => listAt(each, 'chats')));
    },
  };
}

async function lookAt(url: string): Promise<Look> {
  const [metrics, { queues = [] }] = await Promise.all([ask(url, 'metrics'), ask(url, 'queues')]);
  const all = (Array.isArray(queues) ? queues : []).filter(isObject);
  const lengthOf = (isWanted: (name: string) => boolean) =>
    all
      .filter((queue) => isWanted(textAt(queue, 'name') ?? ''))
      .reduce(
        (sum, each) =>
          sum + (numberAt(each, 'available') ?? 0) + (numberAt(each, 'in_flight') ?? 0),
        0,
      );
  return {
    atMs: Date.now(),
    counts: countsBy((_, metric) => numberAt(metrics, metric) ?? 0),
    // What is done after a reply, with nobody waiting for it, is no backlog.
    backlog: lengthOf((name) => !/DeadLetters|Jobs/.test(name)),
    deadLetters: lengthOf((name) => name.includes('DeadLetters')),
  };
}

async function ask(url: string, path: string): Promise<JsonObject> {
  const response = await fetch(`${url}${SIMULATOR_API_PREFIX}${path}`).catch(() => undefined);
  const answer: unknown = response?.ok ? await response.json() : undefined;
  if (!isObject(answer)) {
    throw new UsageError(`The local stack at ${url} does not tell its ${path}: does it still run?`);
  }
  return answer;
}

async function tell(url: string, path: string, body: object): Promise<void> {
  const init = { method: 'POST', body: JSON.stringify(body) };
  await fetch(`${url}${SIMULATOR_API_PREFIX}${path}`, init);
}
