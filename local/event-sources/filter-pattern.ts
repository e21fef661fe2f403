import { isObject } from '../cloud/properties.ts';
import { TemplateError } from '../cloud/template-error.ts';

type Rule = (value: unknown) => boolean;

/**
 * One pattern of an event source's filter criteria, for SQS: it looks at the message's `body` alone,
 * as text or, where the pattern is an object, as JSON
 * (https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html).
 */
export class FilterPattern {
  readonly #logicalId: string;
  readonly #body: unknown;

  /** @throws TemplateError for a pattern that the local cloud cannot apply */
  constructor(pattern: string, logicalId: string) {
    this.#logicalId = logicalId;
    const json: unknown = JSON.parse(pattern);
    const keys = isObject(json) ? Object.keys(json) : [];
    if (!isObject(json) || keys.length !== 1 || keys[0] !== 'body') {
      throw new TemplateError(logicalId, 'a filter on an SQS message looks at its body only');
    }
    this.#body = json['body'];
    this.#matches(this.#body, undefined); // An unknown rule is reported now, not by the first message.
  }

  /** Whether a message with this body passes. */
  accepts(body: string): boolean {
    if (Array.isArray(this.#body)) return this.#matches(this.#body, body);
    try {
      return this.#matches(this.#body, JSON.parse(body));
    } catch (error) {
      if (error instanceof SyntaxError) return false;
      throw error;
    }
  }

  #matches(pattern: unknown, value: unknown): boolean {
    if (Array.isArray(pattern)) {
      const rules = pattern.map((each) => this.#rule(each));
      const values = Array.isArray(value) ? value : [value];
      return rules.some((rule) => values.some((each) => rule(each)));
    }
    if (!isObject(pattern)) return this.#unknown(JSON.stringify(pattern));
    const fields = isObject(value) ? value : {};
    const results = Object.entries(pattern).map(([key, each]) => this.#matches(each, fields[key]));
    return results.every((each) => each);
  }

  #rule(rule: unknown): Rule {
    if (!isObject(rule)) return (value) => value === rule;
    const [only, ...others] = Object.entries(rule);
    if (!only || others.length > 0) return this.#unknown(JSON.stringify(rule));
    const [name, argument] = only;
    const text = String(argument);
    switch (name) {
      case 'prefix':
        return (value) => typeof value === 'string' && value.startsWith(text);
      case 'suffix':
        return (value) => typeof value === 'string' && value.endsWith(text);
      case 'equals-ignore-case':
        return (value) => typeof value === 'string' && value.toLowerCase() === text.toLowerCase();
      case 'exists':
        return (value) => (value !== undefined) === argument;
      case 'anything-but': {
        const refused = [argument].flat();
        return (value) => value !== undefined && !refused.includes(value);
      }
      case 'numeric':
        return this.#numeric(Array.isArray(argument) ? argument : []);
      default:
        return this.#unknown(name);
    }
  }

  #numeric(comparisons: readonly unknown[]): Rule {
    const pairs: Rule[] = [];
    for (let index = 0; index < comparisons.length; index += 2) {
      const [operator, limit] = [comparisons[index], Number(comparisons[index + 1])];
      const compare = COMPARE[String(operator)] ?? this.#unknown(String(operator));
      pairs.push((value) => typeof value === 'number' && compare(value, limit));
    }
    return (value) => pairs.every((each) => each(value));
  }

  #unknown(rule: string): never {
    throw new TemplateError(
      this.#logicalId,
      `the filter rule ${rule} is unknown to the local cloud`,
    );
  }
}

const COMPARE: Readonly<Record<string, (left: number, right: number) => boolean>> = {
  '=': (left, right) => left === right,
  '<': (left, right) => left < right,
  '<=': (left, right) => left <= right,
  '>': (left, right) => left > right,
  '>=': (left, right) => left >= right,
};

/** Whether any of the patterns lets the message through; without patterns all pass. */
export function passes(patterns: readonly FilterPattern[], body: string): boolean {
  return patterns.length === 0 || patterns.some((pattern) => pattern.accepts(body));
}
