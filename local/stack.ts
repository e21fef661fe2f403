import { createServer } from 'node:http';
import type { FrontDoorWatch } from './aws/front-door-watch.ts';
import { LOCAL_OPERATOR } from './aws/local-operator.ts';
import { Callers } from './callers.ts';
import { realClock } from './clock.ts';
import type { LocalCloud } from './cloud/local-cloud.ts';
import { startLocalCloud } from './cloud/start-local-cloud.ts';
import { cloudControls } from './cloud-controls.ts';
import type { Pace } from './cloudwatch/pace.ts';
import { deadLetters } from './dead-letters.ts';
import { APP_SECRET, asWhatsAppBusiness, DEMO_BUSINESSES } from './demo.ts';
import { demoUser } from './demo-users.ts';
import { describeAlarms } from './describe-alarms.ts';
import { answer, type Doors } from './doors.ts';
import { Faults } from './faults.ts';
import type { InvocationEvent, LogLine } from './lambda/invocation.ts';
import { ScriptedModel } from './model/scripted-model.ts';
import { Narrator } from './narrator.ts';
import { WebhookReceiver } from './notices/webhook-receiver.ts';
import { createPage } from './page/page-files.ts';
import { listen, startPeerServer } from './peer-server.ts';
import { TableRestores } from './restore/table-restores.ts';
import { seed } from './seed.ts';
import { Feed } from './simulator-api/feed.ts';
import { createSimulatorApi } from './simulator-api/simulator-api.ts';
import { GraphApi } from './whatsapp/graph-api.ts';
import { WhatsAppWorld } from './whatsapp/world.ts';

export interface StackOptions {
  /** A cloud assembly of one stage. */
  readonly assemblyDirectory: string;
  readonly port: number;
  readonly dataDirectory: string | undefined;
  readonly dynamodbEndpoint: string | undefined;
  /** Use the real OpenAI, or whatever speaks like it. */
  readonly openAi: { readonly apiKey: string; readonly baseUrl: string } | undefined;
  /** Processes at most for a function without reserved concurrency. @default twice the cores */
  readonly environments?: number | undefined;
  /** Hears once that many requests wait for a process. @default nobody */
  readonly onCrowd?: (environments: number) => void;
  readonly onLog: (line: LogLine) => void;
  /** How fast waiting passes. @default as on the wall */
  readonly pace?: Pace;
  /** Go over the variables that the template gives every function, as another stage's settings would. */
  readonly variables?: Readonly<Record<string, string>>;
  /** @default nobody looks */
  readonly onInvocation?: (event: InvocationEvent) => void;
  /** @default nobody looks */
  readonly watch?: FrontDoorWatch;
}

export interface LocalStack {
  readonly url: string;
  readonly cloud: LocalCloud;
  readonly world: WhatsAppWorld;
  readonly model: ScriptedModel;
  readonly faults: Faults;
  readonly callers: Callers;
  /** The tables as they were at another time, in their place. */
  readonly restores: TableRestores;
  close(): Promise<void>;
}

/**
 * Brings the template up and puts the outside peers around it.
 * 1. Our own door, WhatsApp and the model get ports, since the functions need their addresses.
 * 2. The template comes up; demo businesses are put in as an operator would.
 * 3. The door opens: it serves the deployed routes, the simulator's API and its page.
 */
export async function startStack(options: StackOptions): Promise<LocalStack> {
  const clock = realClock();
  const faults = new Faults();
  const callers = new Callers(faults);
  const feed = new Feed();
  let doors: Doors | undefined;
  const door = await listen(
    createServer((request, response) => {
      answer(doors, request, response).catch(() => response.destroy());
    }),
    options.port,
  );
  const world = new WhatsAppWorld({
    businesses: DEMO_BUSINESSES.map(asWhatsAppBusiness),
    appSecret: APP_SECRET,
    clock,
    deliver: async (body, headers, callback) => {
      const answer = await fetch(`${door.url}${callback}`, {
        method: 'POST',
        headers,
        body: new Uint8Array(body),
      });
      return answer.status;
    },
    onEvent: (event) => {
      narrator.meet(event);
      feed.push(event);
    },
  });
  const narrator = new Narrator(feed, world);
  const model = new ScriptedModel({
    clock,
    onEvent: (event, request) => narrator.model(event, request.safetyIdentifier),
  });
  const graph = await startPeerServer(new GraphApi(world), { faults, callers });
  const openAi = await startPeerServer(model, { faults, callers });
  const restores = new TableRestores({ faults, callers });
  const cloud = await startLocalCloud({
    assemblyDirectory: options.assemblyDirectory,
    ...(options.dataDirectory !== undefined && { dataDirectory: options.dataDirectory }),
    ...(options.dynamodbEndpoint !== undefined && { dynamodbEndpoint: options.dynamodbEndpoint }),
    apiUrl: door.url,
    faults,
    callers,
    pace: options.pace,
    environments: options.environments,
    onCrowd: options.onCrowd,
    users: DEMO_BUSINESSES.map(demoUser),
    extraEnvironment: (name, environmentId) => ({
      GRAPH_BASE_URL: `${graph.url}/from/${environmentId}`,
      // To a server on this machine, which in the cloud is nobody's.
      NOTICES_LOOPBACK: 'allowed',
      OPENAI_BASE_URL: options.openAi?.baseUrl ?? `${openAi.url}/from/${environmentId}/v1`,
      ...options.variables,
      ...restores.variablesOf(name),
    }),
    onLog: (line) => {
      narrator.hear(line);
      options.onLog(line);
    },
    onInvocation: (event) => options.onInvocation?.(event),
    watch: options.watch,
  });
  await seed(cloud, options.openAi?.apiKey);
  const receiver = new WebhookReceiver();
  const simulatorApi = createSimulatorApi({
    world,
    faults,
    feed,
    cloud: cloudControls(cloud, callers),
    model: options.openAi ? undefined : model,
    tenants: () => listTenants(world),
    functions: () => [...cloud.functions.keys()],
    metrics: () => cloud.metrics.toJSON(),
    alarms: () => describeAlarms(cloud),
    deadLetters: () => deadLetters(cloud),
    receiver,
    topics: cloud.sns,
    stack: () => describeStack(cloud, graph.url),
  });
  doors = { simulatorApi, page: createPage(), world, cloud, receiver };
  return {
    url: door.url,
    cloud,
    world,
    model,
    faults,
    callers,
    restores,
    close: async () => {
      world.close();
      feed.close();
      await door.close();
      await cloud.close();
      await Promise.all([graph.close(), openAi.close()]);
    },
  };
}

/** All that an operator's command needs to find its way, as it would in the cloud. */
function describeStack({ awsUrl, region, outputs }: LocalCloud, graphUrl: string) {
  return {
    region,
    aws_url: awsUrl,
    access_key_id: LOCAL_OPERATOR,
    graph_url: graphUrl,
    outputs: Object.fromEntries(outputs),
  };
}

/** Demo businesses go by their tenant's id, those that were added since by their number. */
function listTenants({ numbers }: WhatsAppWorld) {
  return numbers.all.map(({ name, phoneNumberId, displayPhoneNumber }) => ({
    id:
      DEMO_BUSINESSES.find((demo) => demo.phoneNumberId === phoneNumberId)?.tenant.id ??
      phoneNumberId,
    name,
    phone_number_id: phoneNumberId,
    display_phone_number: displayPhoneNumber,
  }));
}
