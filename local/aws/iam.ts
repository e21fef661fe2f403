import { isObject } from '#domain/json.ts';
import { conditionsHold, type PolicyContext } from './policy-condition.ts';
import { matchesAction, matchesPattern } from './policy-pattern.ts';
import { UnknownPolicyElementError } from './unknown-policy-element.ts';

/** One statement of a policy, every intrinsic function resolved. */
export type PolicyStatement = Readonly<Record<string, unknown>>;

/** What each role may do, by its logical id in the template. */
export interface RoleBook {
  statementsOf(roleLogicalId: string): readonly PolicyStatement[];
}

export interface AccessRequest {
  /** Of the caller's role. */
  readonly statements: readonly PolicyStatement[];
  /** Of the policy on the resource itself. @default none */
  readonly resourceStatements?: readonly PolicyStatement[];
  /** Who calls, for the `Principal` of a resource's policy. */
  readonly principalArn?: string;
  /** Such as `dynamodb:PutItem`. */
  readonly action: string;
  /** The ARN. */
  readonly resource: string;
  readonly context?: PolicyContext;
}

export type Decision =
  | { readonly allowed: true }
  /** The reason continues AWS's sentence "… is not authorized to perform … ". */
  | { readonly allowed: false; readonly reason: string };

/**
 * As AWS decides within one account: a deny anywhere wins, else an allow anywhere suffices
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html).
 * @throws UnknownPolicyElementError when a statement that concerns the request cannot be judged
 */
export function decide(request: AccessRequest): Decision {
  const own = effectsOf(request.statements, request);
  const ofResource = effectsOf(
    (request.resourceStatements ?? []).filter((each) => concerns(each, request.principalArn)),
    request,
  );
  if (own.has('Deny')) return refused('with an explicit deny in an identity-based policy');
  if (ofResource.has('Deny')) return refused('with an explicit deny in a resource-based policy');
  if (own.has('Allow') || ofResource.has('Allow')) return { allowed: true };
  return refused(`because no identity-based policy allows the ${request.action} action`);
}

/** @throws UnknownPolicyElementError as `decide` */
export function isAllowed(request: AccessRequest): boolean {
  return decide(request).allowed;
}

function refused(reason: string): Decision {
  return { allowed: false, reason };
}

function effectsOf(
  statements: readonly PolicyStatement[],
  request: AccessRequest,
): ReadonlySet<unknown> {
  return new Set(
    statements.filter((each) => applies(each, request)).map((statement) => statement['Effect']),
  );
}

function applies(
  statement: PolicyStatement,
  { action, resource, context = {} }: AccessRequest,
): boolean {
  return (
    covers(statement, 'Action', (pattern) => matchesAction(pattern, action)) &&
    covers(statement, 'Resource', (pattern) => matchesPattern(pattern, resource)) &&
    conditionsHold(statement['Condition'], context)
  );
}

/** `Action` and `Resource` say what a statement is about, `NotAction` and `NotResource` what not. */
function covers(
  statement: PolicyStatement,
  element: 'Action' | 'Resource',
  matches: (pattern: string) => boolean,
): boolean {
  if (`Not${element}` in statement) {
    return !patternsOf(statement, `Not${element}`).some(matches);
  }
  return patternsOf(statement, element).some(matches);
}

function patternsOf(statement: PolicyStatement, element: string): readonly string[] {
  return [statement[element]].flat().map((pattern) => {
    if (typeof pattern !== 'string') {
      throw new UnknownPolicyElementError(`a statement whose ${element} is no text`);
    }
    if (pattern.includes('${')) {
      throw new UnknownPolicyElementError(`the policy variable in ${pattern}`);
    }
    return pattern;
  });
}

/** Whether a statement of a resource's policy is about this caller. */
function concerns(statement: PolicyStatement, principalArn: string | undefined): boolean {
  if ('NotPrincipal' in statement) throw new UnknownPolicyElementError('NotPrincipal');
  const principal = statement['Principal'];
  if (principal === '*') return true;
  const arns = isObject(principal) ? [principal['AWS']].flat() : [];
  return arns.some((arn) => arn === '*' || (principalArn !== undefined && arn === principalArn));
}
