import type { FrontDoorWatch } from '#local/aws/front-door-watch.ts';
import type { ApiAnswer, ApiCall, JsonApi } from '#local/aws/json-api.ts';
import type { InvocationEvent, LogLine } from '#local/lambda/invocation.ts';
import { type FunctionUse, NO_USE } from './measured.ts';
import { TableMeter } from './table-meter.ts';

const SQS_REQUEST_BYTES = 65_536;
/** Lambda's own START, END and REPORT, as it prints them. */
const PLATFORM_LINES = 3;
const PLATFORM_BYTES = 330;

type Counts = { -readonly [Name in keyof Omit<FunctionUse, 'calls'>]: number } & {
  readonly calls: Record<string, number>;
};

/** Counts what each function does with AWS while the local stack runs. */
export class Meter implements FrontDoorWatch {
  tables: TableMeter | undefined;
  /** Metrics with the function that publishes them: each is billed for itself. */
  readonly metrics = new Set<string>();
  readonly #functionOf = new Map<string, string>();
  #counts = new Map<string, Counts>();

  over({ peer, targetPrefix, api }: Parameters<FrontDoorWatch['over']>[0]): JsonApi {
    if (targetPrefix.startsWith('DynamoDB_')) {
      this.tables = new TableMeter(api, ({ operation, ...units }, call) => {
        this.#count(call.principalId, `dynamodb:${operation}`, units);
      });
      return this.tables;
    }
    return {
      handle: (operation: string, body: string, call: ApiCall): ApiAnswer | Promise<ApiAnswer> => {
        const isFifo = body.includes('.fifo"');
        const requests = Math.max(1, Math.ceil(Buffer.byteLength(body) / SQS_REQUEST_BYTES));
        this.#count(call.principalId, `${peer}:${operation}`, {
          ...(peer === 'sqs' && isFifo && { sqsFifoRequests: requests }),
          ...(peer === 'sqs' && !isFifo && { sqsRequests: requests }),
        });
        return api.handle(operation, body, call);
      },
    };
  }

  s3(method: string, environmentId: string | undefined): void {
    if (environmentId !== undefined) this.#count(environmentId, `s3:${method}`, {});
  }

  hear({ functionName, stream, text }: LogLine): void {
    if (stream === 'platform') return;
    const counts = this.#of(functionName);
    counts.logBytes += Buffer.byteLength(text) + 1;
    counts.logLines += 1;
    for (const name of metricsIn(text)) this.metrics.add(`${functionName}/${name}`);
  }

  see(event: InvocationEvent): void {
    if (event.kind === 'started') this.#functionOf.set(event.environmentId, event.functionName);
    if (event.kind !== 'finished') return;
    const counts = this.#of(event.functionName);
    counts.invocations += 1;
    counts.logLines += PLATFORM_LINES;
    counts.logBytes += PLATFORM_BYTES;
  }

  /** Forgets what was counted: the next conversations are those that are meant. */
  reset(): void {
    this.#counts = new Map();
  }

  get counts(): ReadonlyMap<string, Counts> {
    return this.#counts;
  }

  #count(environmentId: string, call: string, more: Partial<Omit<Counts, 'calls'>>): void {
    const name = this.#functionOf.get(environmentId);
    // An operator's call, such as the seeding of the demo.
    if (name === undefined) return;
    const counts = this.#of(name);
    counts.calls[call] = (counts.calls[call] ?? 0) + 1;
    counts.writeUnits += more.writeUnits ?? 0;
    counts.readUnits += more.readUnits ?? 0;
    counts.sqsFifoRequests += more.sqsFifoRequests ?? 0;
    counts.sqsRequests += more.sqsRequests ?? 0;
  }

  #of(functionName: string): Counts {
    const known = this.#counts.get(functionName);
    if (known) return known;
    const fresh = { ...NO_USE, calls: {} };
    this.#counts.set(functionName, fresh);
    return fresh;
  }
}

/** Names in a line of CloudWatch's embedded metric format. */
function metricsIn(text: string): readonly string[] {
  if (!text.includes('"CloudWatchMetrics"')) return [];
  const { _aws: aws }: { _aws: { CloudWatchMetrics: { Metrics: { Name: string }[] }[] } } =
    JSON.parse(text);
  return aws.CloudWatchMetrics.flatMap(({ Metrics }) => Metrics.map(({ Name }) => Name));
}
