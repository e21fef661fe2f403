import { isObject } from '#domain/json.ts';
import type { LogEvent } from './log-store.ts';

/** Raised for a query that is none, or that is more than the local cloud can do. */
export class MalformedQueryError extends Error {
  override readonly name = 'MalformedQueryError';
}

/** What a query asks for. */
export interface InsightsQuery {
  readonly fields: readonly string[];
  matches(event: LogEvent): boolean;
  readonly limit: number;
}

/** What CloudWatch gives where the query names no number. */
const DEFAULT_LIMIT = 1_000;
const MOST = 10_000;

/**
 * Of the language of Logs Insights the part in which lines are looked for: `fields`, `filter` by `field =
 * "value"` joined by `and` and `or`, `sort @timestamp asc`, `limit`.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax.html
 * @throws MalformedQueryError
 */
export function parseInsightsQuery(text: string): InsightsQuery {
  const fields: string[] = [];
  const conditions: ((event: LogEvent) => boolean)[] = [];
  let limit = DEFAULT_LIMIT;
  for (const command of text.split('|').map((each) => each.trim())) {
    const [, word = '', rest = ''] = /^(\w+)\s+([\s\S]+)$/.exec(command) ?? [];
    switch (word) {
      case 'fields':
        fields.push(...rest.split(',').map((each) => each.trim()));
        break;
      case 'filter':
        conditions.push(anyOf(rest));
        break;
      case 'sort':
        if (!/^@timestamp asc$/.test(rest)) throw unknown(command);
        break;
      case 'limit':
        limit = Number(rest);
        if (!Number.isInteger(limit) || limit < 1 || limit > MOST) throw unknown(command);
        break;
      default:
        throw unknown(command);
    }
  }
  const matches = (event: LogEvent) => conditions.every((holds) => holds(event));
  return { fields: fields.length > 0 ? fields : ['@timestamp', '@message'], matches, limit };
}

/** `and` binds more strongly than `or`. */
function anyOf(text: string): (event: LogEvent) => boolean {
  const any = text.split(/\s+or\s+/).map((part) => part.split(/\s+and\s+/).map(comparison));
  return (event) => any.some((all) => all.every((holds) => holds(event)));
}

function comparison(text: string): (event: LogEvent) => boolean {
  const [, field, value] = /^([\w.]+)\s*=\s*"([^"]*)"$/.exec(text.trim()) ?? [];
  if (field === undefined || value === undefined) throw unknown(text);
  return (event) => String(fieldsOf(event)[field]) === value;
}

/** Of a line of JSON its own, as CloudWatch discovers them. */
export function fieldsOf({ text }: LogEvent): Readonly<Record<string, unknown>> {
  if (!text.startsWith('{')) return {};
  try {
    const parsed: unknown = JSON.parse(text);
    return isObject(parsed) ? parsed : {};
  } catch {
    return {};
  }
}

function unknown(what: string): MalformedQueryError {
  return new MalformedQueryError(
    `The local cloud does not know this part of a query: ${what.slice(0, 100)}`,
  );
}
