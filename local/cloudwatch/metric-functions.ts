/** Raised for metric math that cannot be read or carried out here; its message tells why. */
export class MetricMathError extends Error {
  override readonly name = 'MetricMathError';
}

/** One value a period, oldest first; undefined where there is none. */
export type Series = readonly (number | undefined)[];

/** What metric math works with: a number, a series, several of them, or the word REPEAT. */
export type MathValue = number | Series | SeriesList | 'REPEAT';

export class SeriesList {
  readonly members: readonly Series[];

  constructor(members: readonly Series[]) {
    this.members = members;
  }
}

/** The series that a value is or holds; a list takes no numbers. */
export function seriesIn(value: MathValue): readonly Series[] {
  if (value instanceof SeriesList) return value.members;
  return isSeries(value) ? [value] : fail('a list holds metrics only');
}

function isSeries(value: MathValue): value is Series {
  return Array.isArray(value);
}

const OPERATIONS: Readonly<Record<string, (one: number, other: number) => number | undefined>> = {
  '+': (one, other) => one + other,
  '-': (one, other) => one - other,
  '*': (one, other) => one * other,
  // A quotient that does not exist is a missing point.
  '/': (one, other) => (other === 0 ? undefined : one / other),
  '^': (one, other) => one ** other,
  '<': (one, other) => Number(one < other),
  '>': (one, other) => Number(one > other),
  '<=': (one, other) => Number(one <= other),
  '>=': (one, other) => Number(one >= other),
  '==': (one, other) => Number(one === other),
  '!=': (one, other) => Number(one !== other),
  '&&': (one, other) => Number(one !== 0 && other !== 0),
  AND: (one, other) => Number(one !== 0 && other !== 0),
  '||': (one, other) => Number(one !== 0 || other !== 0),
  OR: (one, other) => Number(one !== 0 || other !== 0),
};

/** Period by period; where one side has no point, the result has none. */
export function pairwise(operator: string, one: MathValue, other: MathValue): MathValue {
  const operation = OPERATIONS[operator];
  if (!operation) return fail(`the operator ${operator} is unknown here`);
  if (one instanceof SeriesList) {
    return new SeriesList(one.members.map((each) => asSeries(pairwise(operator, each, other))));
  }
  if (other instanceof SeriesList) {
    return new SeriesList(other.members.map((each) => asSeries(pairwise(operator, one, each))));
  }
  if (typeof one === 'number' && typeof other === 'number') {
    return operation(one, other) ?? fail('a number is divided by zero');
  }
  const length = isSeries(one) ? one.length : asSeries(other).length;
  return Array.from({ length }, (_, at) => {
    const [left, right] = [pointOf(one, at), pointOf(other, at)];
    return left === undefined || right === undefined ? undefined : operation(left, right);
  });
}

type MathFunction = (given: readonly MathValue[]) => MathValue;

const FUNCTIONS: Readonly<Record<string, MathFunction>> = {
  SUM: over((values) => values.reduce((total, each) => total + each, 0)),
  AVG: over((values) => values.reduce((total, each) => total + each, 0) / values.length),
  MAX: over((values) => Math.max(...values)),
  MIN: over((values) => Math.min(...values)),
  ABS: pointwise(Math.abs),
  CEIL: pointwise(Math.ceil),
  FLOOR: pointwise(Math.floor),
  FILL: fill,
  IF: choose,
};

export function callFunction(name: string, given: readonly MathValue[]): MathValue {
  const called = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined;
  if (!called) {
    return fail(
      `the function ${name} is unknown here; there are ${Object.keys(FUNCTIONS).join(', ')}`,
    );
  }
  return called(given);
}

/** Of a list: period by period, by what is there. Of one series: a number over all its points. */
function over(aggregate: (values: readonly number[]) => number): MathFunction {
  return ([value, ...others]) => {
    if (others.length > 0) return fail('SUM, AVG, MAX and MIN take one metric or one list');
    if (value instanceof SeriesList) {
      const length = Math.max(0, ...value.members.map((each) => each.length));
      return Array.from({ length }, (_, at) => {
        const there = value.members.map((each) => each[at]).filter((each) => each !== undefined);
        return there.length === 0 ? undefined : aggregate(there);
      });
    }
    const series = asSeries(value);
    const there = series.filter((each) => each !== undefined);
    return there.length === 0 ? series : aggregate(there);
  };
}

function pointwise(change: (value: number) => number): MathFunction {
  return ([value, ...others]) => {
    if (others.length > 0) return fail('ABS, CEIL and FLOOR take one value');
    if (typeof value === 'number') return change(value);
    const changed = (series: Series) =>
      series.map((each) => (each === undefined ? undefined : change(each)));
    return value instanceof SeriesList
      ? new SeriesList(value.members.map(changed))
      : changed(asSeries(value));
  };
}

function fill([value, filling, ...others]: readonly MathValue[]): MathValue {
  if (others.length > 0) return fail('FILL takes a metric and what fills it');
  if (value instanceof SeriesList) {
    return new SeriesList(value.members.map((each) => filled(each, filling)));
  }
  return filled(asSeries(value), filling);
}

function filled(series: Series, filling: MathValue | undefined): Series {
  if (typeof filling === 'number') return series.map((each) => each ?? filling);
  if (filling !== 'REPEAT') return fail('FILL fills with a number or with REPEAT here');
  let last: number | undefined;
  return series.map((each) => {
    last = each ?? last;
    return last;
  });
}

/** Without a third value there is no point where the condition does not hold. */
function choose([condition, yes, no, ...others]: readonly MathValue[]): MathValue {
  if (yes === undefined || others.length > 0) return fail('IF takes two or three values');
  if (typeof condition === 'number') return condition !== 0 ? yes : (no ?? fail('IF has no else'));
  return asSeries(condition).map((holds, at) => {
    if (holds === undefined) return undefined;
    return holds !== 0 ? pointOf(yes, at) : no === undefined ? undefined : pointOf(no, at);
  });
}

function asSeries(value: MathValue | undefined): Series {
  return value !== undefined && isSeries(value) ? value : fail('a metric is wanted here');
}

function pointOf(value: MathValue, at: number): number | undefined {
  return typeof value === 'number' ? value : asSeries(value)[at];
}

function fail(problem: string): never {
  throw new MetricMathError(problem);
}
