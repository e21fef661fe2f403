import {
  CloudFormationClient,
  DescribeStacksCommand,
  type Stack,
} from '@aws-sdk/client-cloudformation';
import { isObject, type JsonObject, objectAt, textAt } from '#domain/json.ts';
import { stackNames } from '#lib/config/stack-names.ts';
import type { StageName } from '#lib/config/stages.ts';
import { deployments } from '../deployments.ts';
import { OperatorError, UsageError } from './operator-error.ts';
import type { Target } from './target.ts';

/** How the AWS clients reach an application's services. */
interface AwsPlace {
  readonly region?: string;
  readonly endpoint?: string;
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/** What a running application tells of itself. */
export interface Outputs {
  readonly place: AwsPlace;
  /** The outputs of its stacks, by their names in the template. */
  readonly values: ReadonlyMap<string, string>;
  /** Stacks that CloudFormation works on now. */
  readonly inProgress: readonly string[];
  /** Where Meta is. */
  readonly graph: { readonly baseUrl: string; readonly version: string };
}

const GRAPH = 'https://graph.facebook.com';

/** @throws OperatorError where the application cannot be found */
export function readOutputs(target: Target): Promise<Outputs> {
  return target.kind === 'cloud' ? cloudOutputs(target.stage) : localOutputs(target.url);
}

/** @throws OperatorError */
export function outputOf({ values }: Outputs, name: string): string {
  const value = values.get(name);
  if (value === undefined) {
    throw new OperatorError(`The stack has no output ${name}: deploy this release first.`);
  }
  return value;
}

async function cloudOutputs(stage: StageName): Promise<Outputs> {
  const region = deployments[stage].env?.region;
  const place = region === undefined ? {} : { region };
  const client = new CloudFormationClient(place);
  try {
    const { stateful, service } = stackNames(stage);
    const described = await Promise.all(
      [stateful, service].map((stack) => describe(client, stack, stage)),
    );
    const outputs = described.flat().flatMap(outputsOf);
    const inProgress = described
      .flat()
      .flatMap(({ StackName: name = '', StackStatus: status = '' }) =>
        status.endsWith('_IN_PROGRESS') ? [name] : [],
      );
    const graph = {
      baseUrl: process.env['GRAPH_BASE_URL'] || GRAPH,
      version: deployments[stage].processor.graphApiVersion,
    };
    return { place, values: new Map(outputs), inProgress, graph };
  } finally {
    client.destroy();
  }
}

async function describe(
  client: CloudFormationClient,
  stack: string,
  stage: StageName,
): Promise<readonly Stack[]> {
  try {
    const { Stacks: stacks = [] } = await client.send(
      new DescribeStacksCommand({ StackName: stack }),
    );
    return stacks;
  } catch (error) {
    if (error instanceof Error && error.name === 'ValidationError') {
      throw new OperatorError(
        `There is no stack ${stack} in this account and region: check AWS_PROFILE and AWS_REGION, or deploy it with npm run deploy -- ${stage}.`,
        { cause: error },
      );
    }
    throw error;
  }
}

function outputsOf({ Outputs: outputs = [] }: Stack): readonly [string, string][] {
  return outputs.map(({ OutputKey: name = '', OutputValue: value = '' }) => [name, value]);
}

/** The local stack tells what CloudFormation tells of a deployed one, and how it lets us in. */
async function localOutputs(url: string): Promise<Outputs> {
  const answer = await ask(`${url}/simulator/api/stack`, url);
  const outputs = objectAt(answer, 'outputs');
  const endpoint = textAt(answer, 'aws_url');
  const region = textAt(answer, 'region');
  const accessKeyId = textAt(answer, 'access_key_id');
  const baseUrl = textAt(answer, 'graph_url');
  if (!outputs || !endpoint || !region || !accessKeyId || !baseUrl) throw notOurs(url);
  return {
    place: { endpoint, region, credentials: { accessKeyId, secretAccessKey: 'local' } },
    inProgress: [],
    values: new Map(Object.keys(outputs).map((name) => [name, textAt(outputs, name) ?? ''])),
    graph: { baseUrl, version: deployments.dev.processor.graphApiVersion },
  };
}

async function ask(address: string, url: string): Promise<JsonObject> {
  const response = await fetch(address, { signal: AbortSignal.timeout(10_000) }).catch(
    (cause: unknown) => {
      throw new UsageError(
        `Nothing answers at ${url}: start the local stack with npm start, or say where it is: --local <address that it printed>.`,
        { cause },
      );
    },
  );
  const answer: unknown = response.ok ? await response.json().catch(() => undefined) : undefined;
  if (!isObject(answer)) throw notOurs(url);
  return answer;
}

function notOurs(url: string): UsageError {
  return new UsageError(
    `What answers at ${url} is not the local stack of this release: start it with npm start.`,
  );
}
