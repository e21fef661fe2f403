import { setTimeout as pause } from 'node:timers/promises';
import {
  type CloudWatchLogsClient,
  GetQueryResultsCommand,
  StartQueryCommand,
  StopQueryCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { isObject, textAt } from '#domain/json.ts';
import { OperatorError } from '#operator/operator-error.ts';
import type { LoggedLine, LogQuestion, LogSearch } from './log-search.ts';

const MOST_LINES = 1_000;
const PATIENCE_MS = 60_000;
const LOOK_AGAIN_MS = 700;
/** A query has at most 10,000 characters. */
const LONGEST_FILTER = 9_000;
/** Ids and hashes; whatever else could be more than a value. */
const VALUE = /^[\w.:/=+-]{1,200}$/;

/** CloudWatch Logs Insights over the log groups of all functions. */
export class CloudLogs implements LogSearch {
  readonly #client: CloudWatchLogsClient;
  readonly #logGroups: () => string;

  /** @param logGroups the stack's output, asked for only when something is looked for */
  constructor(client: CloudWatchLogsClient, logGroups: () => string) {
    this.#client = client;
    this.#logGroups = logGroups;
  }

  /** @throws OperatorError where CloudWatch does not come to an end */
  async search({ anyOf, fromMs, toMs }: LogQuestion): Promise<readonly LoggedLine[]> {
    const filter = filterOf(anyOf);
    if (filter === '') return [];
    const { queryId } = await this.#client.send(
      new StartQueryCommand({
        logGroupNames: this.#logGroups().split(','),
        startTime: Math.floor(fromMs / 1000),
        endTime: Math.ceil(toMs / 1000),
        queryString: `fields @timestamp, @message | filter ${filter} | sort @timestamp asc | limit ${MOST_LINES}`,
      }),
    );
    const endMs = Date.now() + PATIENCE_MS;
    for (;;) {
      const { status, results = [] } = await this.#client.send(
        new GetQueryResultsCommand({ queryId }),
      );
      if (status === 'Complete') {
        return results.flatMap((row) => {
          const line = lineOf(Object.fromEntries(row.map(({ field, value }) => [field, value])));
          return line ? [line] : [];
        });
      }
      if (status !== 'Scheduled' && status !== 'Running') {
        throw new OperatorError(`CloudWatch Logs ended the query as ${status}: run it again.`);
      }
      if (Date.now() > endMs) {
        // Else it reads on, and all that it reads is billed.
        await this.#client.send(new StopQueryCommand({ queryId })).catch(() => undefined);
        throw new OperatorError(
          'CloudWatch Logs has not answered within a minute: ask for a shorter time, with --since 24h.',
        );
      }
      await pause(LOOK_AGAIN_MS);
    }
  }
}

/** What is named first counts most: the rest is left out where it would not fit. */
function filterOf(anyOf: LogQuestion['anyOf']): string {
  let filter = '';
  for (const [field, value] of anyOf) {
    if (!VALUE.test(value)) continue;
    const next = `${filter && `${filter} or `}${field} = "${value}"`;
    if (next.length > LONGEST_FILTER) break;
    filter = next;
  }
  return filter;
}

/** @returns undefined for what no function of ours has written */
function lineOf(row: Readonly<Record<string, string | undefined>>): LoggedLine | undefined {
  const fields = parsed(row['@message'] ?? '');
  const atMs = Date.parse(`${(row['@timestamp'] ?? '').replace(' ', 'T')}Z`);
  if (!fields || Number.isNaN(atMs)) return undefined;
  const event = textAt(fields, 'message');
  const service = textAt(fields, 'service');
  if (event === undefined || service === undefined) return undefined;
  return { atMs, event, service, level: textAt(fields, 'level') ?? '', fields };
}

function parsed(text: string) {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
