import { randomUUID } from 'node:crypto';
import { type ApiAnswer, apiError, type JsonApi, parseObject } from '../aws/json-api.ts';
import { JsonInput, MalformedInputError } from '../aws/json-input.ts';
import {
  fieldsOf,
  type InsightsQuery,
  MalformedQueryError,
  parseInsightsQuery,
} from './insights-query.ts';
import type { LogEvent, LogStore } from './log-store.ts';

/** So many results are kept for whoever asks again. */
const MOST_QUERIES = 20;

/** The queries of CloudWatch Logs in the AWS JSON 1.1 protocol; here they are done at once. */
export function logsApi(store: LogStore): JsonApi {
  const results = new Map<string, object>();
  const operations: Readonly<Record<string, (input: JsonInput) => object>> = {
    StartQuery: (input) => {
      const queryId = randomUUID();
      results.set(queryId, run(input, store));
      for (const oldest of [...results.keys()].slice(0, -MOST_QUERIES)) results.delete(oldest);
      return { queryId };
    },
    GetQueryResults: (input) => {
      const result = results.get(input.text('queryId'));
      if (!result) throw new MalformedInputError('There is no query of this id.');
      return result;
    },
  };
  return { handle: (operation, body) => answer(operations[operation], operation, body) };
}

function answer(
  operation: ((input: JsonInput) => object) | undefined,
  name: string,
  body: string,
): ApiAnswer {
  if (!operation) return apiError(400, 'UnknownOperationException', `No ${name} here.`);
  try {
    const members = parseObject(body);
    if (!members) throw new MalformedInputError('The body is no JSON object.');
    return { status: 200, body: JSON.stringify(operation(new JsonInput(members))) };
  } catch (error) {
    if (error instanceof MalformedQueryError) {
      return apiError(400, 'MalformedQueryException', error.message);
    }
    if (!(error instanceof MalformedInputError)) throw error;
    return apiError(400, 'InvalidParameterException', error.message);
  }
}

function run(input: JsonInput, store: LogStore): object {
  const query = parseInsightsQuery(input.text('queryString'));
  const [fromMs, toMs] = ['startTime', 'endTime'].map(
    (name) => (input.optionalNumber(name) ?? 0) * 1000,
  );
  // The end is a whole second, all of which counts.
  const there = store.between(input.texts('logGroupNames'), fromMs ?? 0, (toMs ?? 0) + 999);
  const found = there.filter((event) => query.matches(event));
  return {
    status: 'Complete',
    queryLanguage: 'CWLI',
    results: found.slice(0, query.limit).map((event) => rowOf(event, query)),
    statistics: { recordsMatched: found.length, recordsScanned: there.length, bytesScanned: 0 },
  };
}

function rowOf(event: LogEvent, { fields }: InsightsQuery) {
  const own = fieldsOf(event);
  return fields.flatMap((field) => {
    const value = fieldOf(field, event, own);
    return value === undefined ? [] : [{ field, value }];
  });
}

function fieldOf(
  field: string,
  event: LogEvent,
  own: Readonly<Record<string, unknown>>,
): string | undefined {
  switch (field) {
    case '@timestamp':
      return new Date(event.atMs).toISOString().replace('T', ' ').replace('Z', '');
    case '@message':
      return event.text;
    case '@log':
      return event.logGroup;
    default: {
      const value = own[field];
      return value === undefined || value === null ? undefined : String(value);
    }
  }
}
