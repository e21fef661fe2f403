import type { IncomingMessage, ServerResponse } from 'node:http';
import type { CloudControls } from '#local/cloud-controls.ts';
import type { Faults } from '#local/faults.ts';
import type { ScriptedModel } from '#local/model/scripted-model.ts';
import type { WebhookReceiver } from '#local/notices/webhook-receiver.ts';
import type { SnsModel } from '#local/sns/sns-model.ts';
import type { WhatsAppWorld } from '#local/whatsapp/world.ts';
import {
  addApp,
  addBusiness,
  changeApp,
  describeApp,
  issueSignupCode,
} from './business-requests.ts';
import {
  describeQueues,
  killEnvironments,
  purgeQueue,
  putSecretValue,
  redriveQueue,
  runFunction,
} from './cloud-requests.ts';
import { armFault, describeFaults } from './fault-requests.ts';
import type { Feed } from './feed.ts';
import {
  changeStatuses,
  failDelivery,
  postMessage,
  replaceAccessTokens,
} from './message-requests.ts';
import { changeModel, describeModel, showModelRequests } from './model-requests.ts';
import { changeReceiver, describeAnnouncements, describeReceiver } from './notice-requests.ts';
import { readJsonObject } from './request-body.ts';
import { RequestError } from './request-error.ts';

/** A business on the page's list. */
interface TenantView {
  readonly id: string;
  readonly name: string;
  readonly phone_number_id: string;
  readonly display_phone_number: string;
}

export interface SimulatorApiDeps {
  readonly world: WhatsAppWorld;
  readonly faults: Faults;
  readonly feed: Feed;
  readonly cloud: CloudControls;
  /** Undefined when the real OpenAI answers. */
  readonly model: ScriptedModel | undefined;
  readonly tenants: () => readonly TenantView[];
  /** Names of the deployed functions, which a fault may name. */
  readonly functions: () => readonly string[];
  /** Sums by metric name. */
  readonly metrics: () =>
    | Readonly<Record<string, number>>
    | Promise<Readonly<Record<string, number>>>;
  /** Alarms as they stand. */
  readonly alarms: () => unknown;
  /** What is parked, with its reasons. */
  readonly deadLetters: () => readonly unknown[] | Promise<readonly unknown[]>;
  /** A business's own server, to be told of its chats. */
  readonly receiver: WebhookReceiver;
  readonly topics: Pick<SnsModel, 'published'>;
  /** Where the stack's AWS is, how an operator is let in, and the outputs of its templates. */
  readonly stack: () => unknown;
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

type Route = (parameters: readonly string[], request: IncomingMessage) => Answer | Promise<Answer>;

export const SIMULATOR_API_PREFIX = '/simulator/api/';

/** The HTTP contract of the local world, under `/simulator/api/`, for the page and other programs. */
export function createSimulatorApi(
  deps: SimulatorApiDeps,
): (request: IncomingMessage, response: ServerResponse) => void {
  const routes = routesOver(deps);
  return (request, response) => {
    const url = new URL(request.url ?? '/', 'http://simulator');
    if (request.method === 'GET' && url.pathname === `${SIMULATOR_API_PREFIX}events`) {
      deps.feed.stream(response, Number(request.headers['last-event-id'] ?? 0) || 0);
      return;
    }
    answer(routes, url.pathname, request)
      .catch((error: unknown) => refusalOf(error))
      .then(({ status, body }) => {
        response.writeHead(status, {
          'content-type': 'application/json; charset=utf-8',
          'cache-control': 'no-store',
        });
        response.end(JSON.stringify(body));
      })
      .catch(() => response.destroy());
  };
}

function routesOver(deps: SimulatorApiDeps): Readonly<Record<string, Route>> {
  const { world, faults, cloud } = deps;
  return {
    'POST messages': async (_, request) =>
      ok(postMessage(world, await readJsonObject(request)), 202),
    'GET sent': () => ok({ sent: world.sent }),
    'GET chats/*': ([number = '']) => {
      if (!world.numbers.find(number)) throw unknownNumber(number);
      return ok({ chats: world.transcripts(number) });
    },
    'GET chats/*/*': ([number = '', contact = '']) => {
      const transcript = world.transcript(number, contact.replace(/^\+/, ''));
      if (!transcript) throw unknownNumber(number);
      return ok(transcript);
    },
    'POST delivery-failures': async (_, request) =>
      ok(failDelivery(world, await readJsonObject(request)), 202),
    'POST statuses': async (_, request) => ok(changeStatuses(world, await readJsonObject(request))),
    'POST access-tokens': async (_, request) =>
      ok(replaceAccessTokens(world, await readJsonObject(request))),
    'GET faults': () => ok(describeFaults(faults)),
    'POST faults': async (_, request) => {
      deps.feed.push(armFault(faults, deps.functions(), await readJsonObject(request)));
      return ok(describeFaults(faults));
    },
    'DELETE faults': () => {
      faults.clear();
      return ok(describeFaults(faults));
    },
    'POST kills': async (_, request) =>
      ok(killEnvironments(cloud, deps.functions(), await readJsonObject(request))),
    'POST invocations': async (_, request) =>
      ok(await runFunction(cloud, deps.functions(), await readJsonObject(request))),
    'GET queues': () => ok(describeQueues(cloud)),
    'POST purges': async (_, request) => ok(purgeQueue(cloud, await readJsonObject(request))),
    'POST redrives': async (_, request) => ok(redriveQueue(cloud, await readJsonObject(request))),
    'POST secrets': async (_, request) =>
      ok(await putSecretValue(cloud, await readJsonObject(request))),
    'GET tenants': () => ok({ tenants: deps.tenants() }),
    'POST businesses': async (_, request) => {
      const added = addBusiness(world, await readJsonObject(request));
      return ok(added, 201);
    },
    'POST signup-codes': async (_, request) =>
      ok(issueSignupCode(world, await readJsonObject(request)), 201),
    'GET app': () => ok(describeApp(world.app)),
    'POST app': async (_, request) => ok(changeApp(world, await readJsonObject(request))),
    'POST apps': async (_, request) => ok(addApp(world, await readJsonObject(request)), 201),
    'GET metrics': async () => ok(await deps.metrics()),
    'GET alarms': () => ok(deps.alarms()),
    'GET dead-letters': async () => ok({ deadLetters: await deps.deadLetters() }),
    'GET receiver': () => ok(describeReceiver(deps.receiver)),
    'POST receiver': async (_, request) =>
      ok(changeReceiver(deps.receiver, await readJsonObject(request))),
    'GET announcements': () => ok(describeAnnouncements(deps.topics)),
    'GET stack': () => ok(deps.stack()),
    'GET model': () => ok(describeModel(deps.model)),
    'GET model-requests': () => ok(showModelRequests(deps.model)),
    'POST model': async (_, request) => ok(changeModel(deps.model, await readJsonObject(request))),
  };
}

async function answer(
  routes: Readonly<Record<string, Route>>,
  path: string,
  request: IncomingMessage,
): Promise<Answer> {
  // A page of another site may reach this port through the visitor's browser.
  if (request.headers['sec-fetch-site'] === 'cross-site') {
    throw new RequestError(403, 'Call the simulator from its own page or from a program');
  }
  const segments = path.startsWith(SIMULATOR_API_PREFIX)
    ? path.slice(SIMULATOR_API_PREFIX.length).split('/').map(decode)
    : [];
  const [name = '', ...parameters] = segments;
  const pattern = [name, ...parameters.map(() => '*')].join('/');
  const key = `${request.method} ${pattern}`;
  if (Object.hasOwn(routes, key)) return (await routes[key]?.(parameters, request)) ?? ok({});
  const methods = ['GET', 'POST', 'DELETE'].filter((method) =>
    Object.hasOwn(routes, `${method} ${pattern}`),
  );
  if (methods.length > 0) throw new RequestError(405, `Use ${methods.join(' or ')} here`);
  throw new RequestError(404, 'The simulator has no such path');
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw new RequestError(400, 'The path is not correctly encoded');
  }
}

function refusalOf(error: unknown): Answer {
  if (error instanceof RequestError) return ok({ error: { message: error.message } }, error.status);
  return ok({ error: { message: 'The simulator failed; see its log' } }, 500);
}

function unknownNumber(number: string): RequestError {
  return new RequestError(404, `No business has the phone number id ${number}`);
}

function ok(body: unknown, status = 200): Answer {
  return { status, body };
}
