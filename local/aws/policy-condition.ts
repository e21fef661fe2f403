import { isObject } from '#domain/json.ts';
import { matchesPattern } from './policy-pattern.ts';
import { UnknownPolicyElementError } from './unknown-policy-element.ts';

/** What is known of a request besides action and resource, by condition key. */
export type PolicyContext = Readonly<Record<string, string | readonly string[]>>;

type Comparison = (expected: string, actual: string) => boolean;

function equals(expected: string, actual: string): boolean {
  return expected === actual;
}

function equalsIgnoringCase(expected: string, actual: string): boolean {
  return expected.toLowerCase() === actual.toLowerCase();
}

const OPERATORS: ReadonlyMap<string, { readonly compare: Comparison; readonly negated: boolean }> =
  new Map([
    ['StringEquals', { compare: equals, negated: false }],
    ['StringNotEquals', { compare: equals, negated: true }],
    ['StringEqualsIgnoreCase', { compare: equalsIgnoringCase, negated: false }],
    ['StringLike', { compare: matchesPattern, negated: false }],
    ['StringNotLike', { compare: matchesPattern, negated: true }],
    ['ArnEquals', { compare: matchesPattern, negated: false }],
    ['ArnLike', { compare: matchesPattern, negated: false }],
    ['ArnNotEquals', { compare: matchesPattern, negated: true }],
    ['ArnNotLike', { compare: matchesPattern, negated: true }],
    ['Bool', { compare: equalsIgnoringCase, negated: false }],
  ]);

const OPERATOR = /^(?:(ForAllValues|ForAnyValue):)?(\w+?)(IfExists)?$/;

/**
 * True when every operator and every key of a `Condition` block holds
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html).
 * @throws UnknownPolicyElementError for an operator that is unknown here
 */
export function conditionsHold(condition: unknown, context: PolicyContext): boolean {
  if (condition === undefined) return true;
  if (!isObject(condition)) throw new UnknownPolicyElementError('a Condition that is no object');
  return Object.entries(condition).every(([operator, keys]) => {
    const test = readOperator(operator);
    if (!isObject(keys)) throw new UnknownPolicyElementError(`${operator} without condition keys`);
    return Object.entries(keys).every(([key, value]) =>
      test(valuesOf(value, key), contextValues(context, key)),
    );
  });
}

type Test = (expected: readonly string[], actual: readonly string[] | undefined) => boolean;

function readOperator(text: string): Test {
  const [, quantifier, name = '', ifExists] = OPERATOR.exec(text) ?? [];
  if (name === 'Null' && !quantifier && !ifExists) return isAbsent;
  const operator = OPERATORS.get(name);
  if (!operator) throw new UnknownPolicyElementError(`the condition operator ${text}`);
  const { compare, negated } = operator;
  return (expected, actual) => {
    if (actual === undefined && ifExists) return true;
    const holds = (value: string) => expected.some((each) => compare(each, value)) !== negated;
    switch (quantifier) {
      case 'ForAllValues':
        return (actual ?? []).every(holds);
      case 'ForAnyValue':
        return (actual ?? []).some(holds);
      default:
        return actual === undefined ? negated : actual.some(holds);
    }
  };
}

function isAbsent(expected: readonly string[], actual: readonly string[] | undefined): boolean {
  return expected.includes(String(actual === undefined));
}

/** Condition keys are the same in any case. */
function contextValues(context: PolicyContext, key: string): readonly string[] | undefined {
  const found = Object.entries(context).find(([name]) => equalsIgnoringCase(name, key));
  return found && [found[1]].flat();
}

function valuesOf(value: unknown, key: string): readonly string[] {
  const values = [value].flat();
  for (const each of values) {
    if (typeof each === 'object' || each === undefined) {
      throw new UnknownPolicyElementError(`the value of the condition key ${key}`);
    }
    if (String(each).includes('${')) {
      throw new UnknownPolicyElementError(`the policy variable in ${String(each)}`);
    }
  }
  return values.map(String);
}
