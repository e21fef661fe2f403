import {
  ListStackResourcesCommand,
  type StackResourceSummary,
} from '@aws-sdk/client-cloudformation';
import {
  DeleteFunctionConcurrencyCommand,
  GetEventSourceMappingCommand,
  GetFunctionConcurrencyCommand,
  PutFunctionConcurrencyCommand,
  UpdateEventSourceMappingCommand,
} from '@aws-sdk/client-lambda';
import type { StageName } from '#lib/config/stages.ts';
import { OperatorError } from '../operator/operator-error.ts';
import { patiently, type RestoreDeps } from './aws.ts';

/** No function works for longer on what it took before the doors were closed. */
const LONGEST_RUN_SECONDS = 60;
/** Between Meta's clock and AWS's, and between AWS's answer and its doing. */
const MARGIN_SECONDS = 60;

/** Everything by which something comes in and is written. */
interface Doors {
  /** Event source mappings: closed first, or what waits in a queue would be refused until it is parked. */
  readonly sources: readonly string[];
  /** Functions that somebody calls: ingest, the business API, the sweeper. Who is refused tries again. */
  readonly called: readonly { readonly logicalId: string; readonly name: string }[];
  /** What the sources feed, as they call it: by its alias where it has one. */
  readonly fed: readonly string[];
}

/**
 * Closes all doors and waits until nobody is inside. What is closed already is left alone, so it may be
 * repeated. Meta is answered 5xx and sends again, for up to seven days; the queues keep what they have.
 * @returns the time from which on nothing was written
 */
export async function stopTraffic(deps: RestoreDeps, stage: StageName): Promise<Date> {
  const doors = await findDoors(deps, stage);
  for (const UUID of doors.sources) {
    const { State } = await mapping(deps, UUID);
    if (State === 'Disabled' || State === 'Disabling') continue;
    await patiently(deps, () =>
      deps.lambda.send(new UpdateEventSourceMappingCommand({ UUID, Enabled: false })),
    );
  }
  for (const { name: FunctionName } of doors.called) {
    deps.say(`closing ${FunctionName}`);
    await patiently(deps, () =>
      deps.lambda.send(
        new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions: 0 }),
      ),
    );
  }
  for (;;) {
    const stoppedAt = await trafficStoppedAt(deps, stage);
    if (stoppedAt !== undefined && stoppedAt <= deps.now()) return stoppedAt;
    await deps.sleep(15);
  }
}

/**
 * Opens the doors again: the queues' first, so that what comes in is worked at once.
 * @param concurrency what the template reserves, by logical ids
 */
export async function resumeTraffic(
  deps: RestoreDeps,
  stage: StageName,
  concurrency: ReadonlyMap<string, number>,
): Promise<void> {
  const doors = await findDoors(deps, stage);
  for (const UUID of doors.sources) {
    const { State } = await mapping(deps, UUID);
    if (State === 'Enabled' || State === 'Enabling') continue;
    await patiently(deps, () =>
      deps.lambda.send(new UpdateEventSourceMappingCommand({ UUID, Enabled: true })),
    );
  }
  for (const { logicalId, name: FunctionName } of doors.called) {
    const reserved = concurrency.get(logicalId);
    deps.say(`opening ${FunctionName}`);
    await patiently<unknown>(deps, () =>
      reserved === undefined
        ? deps.lambda.send(new DeleteFunctionConcurrencyCommand({ FunctionName }))
        : deps.lambda.send(
            new PutFunctionConcurrencyCommand({
              FunctionName,
              ReservedConcurrentExecutions: reserved,
            }),
          ),
    );
  }
}

/**
 * The time from which on nothing was written, which may be a minute or two ahead; it is the same whenever it
 * is asked, as long as the doors stay closed.
 * @returns undefined while a door is open
 */
export async function trafficStoppedAt(
  deps: RestoreDeps,
  stage: StageName,
): Promise<Date | undefined> {
  const doors = await findDoors(deps, stage);
  for (const { name } of doors.called) {
    const { ReservedConcurrentExecutions: reserved } = await deps.lambda.send(
      new GetFunctionConcurrencyCommand({ FunctionName: name }),
    );
    if (reserved !== 0) return undefined;
  }
  const sources = await Promise.all(doors.sources.map((UUID) => mapping(deps, UUID)));
  if (sources.some(({ State }) => State !== 'Disabled')) return undefined;
  const closed = sources.map(({ LastModified: at }) => at?.getTime() ?? deps.now().getTime());
  return new Date(Math.max(...closed) + (LONGEST_RUN_SECONDS + MARGIN_SECONDS) * 1000);
}

function mapping({ lambda }: RestoreDeps, UUID: string) {
  return lambda.send(new GetEventSourceMappingCommand({ UUID }));
}

export async function findDoors(deps: RestoreDeps, stage: StageName): Promise<Doors> {
  const resources = await allResources(deps, `concierge-${stage}-service`);
  const ofType = (type: string) =>
    resources
      .filter(({ ResourceType }) => ResourceType === type)
      .map(({ LogicalResourceId: logicalId = '', PhysicalResourceId: name = '' }) => ({
        logicalId,
        name,
      }));
  const sources = ofType('AWS::Lambda::EventSourceMapping').map(({ name }) => name);
  const targets = await Promise.all(sources.map((UUID) => mapping(deps, UUID)));
  const fed = targets.map(({ FunctionArn: arn = '' }) => arn);
  const isFed = (name: string) => fed.some((arn) => arn.split(':')[6] === name);
  const called = ofType('AWS::Lambda::Function').filter(
    // Health reads nothing and is asked meanwhile.
    ({ logicalId, name }) => !isFed(name) && !logicalId.startsWith('Health'),
  );
  if (sources.length === 0 || called.length === 0) {
    throw new OperatorError(
      `No functions are found in concierge-${stage}-service: is it deployed, and in this account and region?`,
    );
  }
  return { sources, called, fed };
}

async function allResources(
  { cloudFormation }: RestoreDeps,
  StackName: string,
): Promise<readonly StackResourceSummary[]> {
  const found: StackResourceSummary[] = [];
  let token: string | undefined;
  do {
    const page = await cloudFormation.send(
      new ListStackResourcesCommand({ StackName, ...(token && { NextToken: token }) }),
    );
    found.push(...(page.StackResourceSummaries ?? []));
    token = page.NextToken;
  } while (token !== undefined);
  return found;
}
