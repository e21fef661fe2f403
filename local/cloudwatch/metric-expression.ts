import {
  callFunction,
  type MathValue,
  MetricMathError,
  pairwise,
  SeriesList,
  seriesIn,
} from './metric-functions.ts';
import { TokenReader } from './token-reader.ts';

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
  const tokens = new TokenReader(text, TOKEN, fail);
  const expression = new ExpressionReader(tokens).level(0);
  tokens.end();
  return expression;
}

class ExpressionReader {
  readonly #tokens: TokenReader;

  constructor(tokens: TokenReader) {
    this.#tokens = tokens;
  }

  level(depth: number): MetricExpression {
    const operators = LEVELS[depth];
    if (!operators) return this.#unary();
    let left = this.level(depth + 1);
    for (;;) {
      const operator = operators.find((each) => this.#tokens.takes(each));
      if (operator === undefined) return left;
      const [one, other] = [left, this.level(depth + 1)];
      left = (lookUp) => pairwise(operator, one(lookUp), other(lookUp));
    }
  }

  #unary(): MetricExpression {
    if (!this.#tokens.takes('-')) return this.#primary();
    const negated = this.#unary();
    return (lookUp) => pairwise('-', 0, negated(lookUp));
  }

  #primary(): MetricExpression {
    const token = this.#tokens.next();
    if (token === '(') {
      const inner = this.level(0);
      this.#tokens.demand(')');
      return inner;
    }
    if (token === '[') {
      const members = this.#list(']');
      return (lookUp) => new SeriesList(members.flatMap((member) => seriesIn(member(lookUp))));
    }
    if (/^\d/.test(token)) return () => Number(token);
    if (!/^[A-Za-z_]/.test(token)) fail(`"${token}" was not expected`);
    if (!this.#tokens.takes('('))
      return token === 'REPEAT' ? () => token : (lookUp) => lookUp(token);
    const given = this.#list(')');
    return (lookUp) =>
      callFunction(
        token,
        given.map((each) => each(lookUp)),
      );
  }

  #list(end: string): readonly MetricExpression[] {
    if (this.#tokens.takes(end)) return [];
    const members = [this.level(0)];
    while (this.#tokens.takes(',')) members.push(this.level(0));
    this.#tokens.demand(end);
    return members;
  }
}

function fail(problem: string): never {
  throw new MetricMathError(problem);
}
