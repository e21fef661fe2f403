import {
  callFunction,
  type MathValue,
  MetricMathError,
  pairwise,
  SeriesList,
  seriesIn,
} from './metric-functions.ts';

/** A metric-math expression, ready to be carried out over the values of the ids that it names. */
export type MetricExpression = (lookUp: (id: string) => MathValue) => MathValue;

const TOKEN = /\s*(\d+(?:\.\d+)?|[A-Za-z_][A-Za-z0-9_]*|<=|>=|==|!=|&&|\|\||[-+*/^<>()[\],])/y;

/** From what binds loosest to what binds closest. */
const LEVELS: readonly (readonly string[])[] = [
  ['||', 'OR'],
  ['&&', 'AND'],
  ['==', '!=', '<=', '>=', '<', '>'],
  ['+', '-'],
  ['*', '/'],
  ['^'],
];

/**
 * Reads CloudWatch's metric math as far as alarms use it. What is not known is refused: an alarm that is
 * half understood proves nothing.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
 * @throws MetricMathError
 */
export function parseExpression(text: string): MetricExpression {
  const reader = new ExpressionReader(tokensOf(text));
  const expression = reader.level(0);
  reader.end();
  return expression;
}

function tokensOf(text: string): readonly string[] {
  const tokens: string[] = [];
  const trimmed = text.trimEnd();
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < trimmed.length) {
    const at = TOKEN.lastIndex;
    const token = TOKEN.exec(trimmed)?.[1];
    if (token === undefined) throw new MetricMathError(`cannot be read at "${trimmed.slice(at)}"`);
    tokens.push(token);
  }
  return tokens;
}

class ExpressionReader {
  readonly #tokens: readonly string[];
  #at = 0;

  constructor(tokens: readonly string[]) {
    this.#tokens = tokens;
  }

  level(depth: number): MetricExpression {
    const operators = LEVELS[depth];
    if (!operators) return this.#unary();
    let left = this.level(depth + 1);
    for (;;) {
      const operator = this.#tokens[this.#at];
      if (operator === undefined || !operators.includes(operator)) return left;
      this.#at += 1;
      const [one, other] = [left, this.level(depth + 1)];
      left = (lookUp) => pairwise(operator, one(lookUp), other(lookUp));
    }
  }

  end(): void {
    const rest = this.#tokens[this.#at];
    if (rest !== undefined) this.#fail(`"${rest}" was not expected`);
  }

  #unary(): MetricExpression {
    if (!this.#takes('-')) return this.#primary();
    const negated = this.#unary();
    return (lookUp) => pairwise('-', 0, negated(lookUp));
  }

  #primary(): MetricExpression {
    const token = this.#next();
    if (token === '(') {
      const inner = this.level(0);
      this.#demand(')');
      return inner;
    }
    if (token === '[') {
      const members = this.#list(']');
      return (lookUp) => new SeriesList(members.flatMap((member) => seriesIn(member(lookUp))));
    }
    if (/^\d/.test(token)) return () => Number(token);
    if (!/^[A-Za-z_]/.test(token)) this.#fail(`"${token}" was not expected`);
    if (!this.#takes('(')) return token === 'REPEAT' ? () => token : (lookUp) => lookUp(token);
    const given = this.#list(')');
    return (lookUp) =>
      callFunction(
        token,
        given.map((each) => each(lookUp)),
      );
  }

  #list(end: string): readonly MetricExpression[] {
    if (this.#takes(end)) return [];
    const members = [this.level(0)];
    while (this.#takes(',')) members.push(this.level(0));
    this.#demand(end);
    return members;
  }

  #takes(token: string): boolean {
    if (this.#tokens[this.#at] !== token) return false;
    this.#at += 1;
    return true;
  }

  #demand(token: string): void {
    if (!this.#takes(token)) this.#fail(`${token} is missing`);
  }

  #next(): string {
    const token = this.#tokens[this.#at];
    this.#at += 1;
    return token ?? this.#fail('it ends too early');
  }

  #fail(problem: string): never {
    throw new MetricMathError(problem);
  }
}
