import type { JsonObject } from '#domain/json.ts';
import type { FaultPeer } from '../faults.ts';
import type { PolicyStatement } from './iam.ts';
import type { ApiAnswer, JsonApi } from './json-api.ts';
import type { PolicyContext } from './policy-condition.ts';

/** Something that a caller must be allowed to do. */
export interface Permission {
  /** Such as `dynamodb:PutItem`. */
  readonly action: string;
  /** ARN of what it is done to. */
  readonly resource: string;
  /** Values of condition keys. */
  readonly context?: PolicyContext;
  /** Of the policy on the resource itself. @default none */
  readonly resourceStatements?: readonly PolicyStatement[];
}

export interface AwsError {
  readonly status: number;
  /** The error's name, as the SDK makes it known. */
  readonly code: string;
  readonly message: string;
}

/** One AWS service behind the front door. */
export interface AwsService {
  /** Which faults meet its callers. */
  readonly peer: FaultPeer;
  /** What its `X-Amz-Target` begins with, including the dot. */
  readonly targetPrefix: string;
  /** Of a service that speaks the query protocol: the `Version` of its forms. */
  readonly queryVersion?: string;
  readonly contentType: string;
  readonly api: JsonApi;
  /** Everything that a caller must be allowed for this call to pass; never empty. */
  permissions(
    operation: string,
    input: JsonObject,
  ): readonly Permission[] | Promise<readonly Permission[]>;
  /** A refusal in the words of this service. */
  refuse(error: AwsError): ApiAnswer;
  readonly refusals: ServiceRefusals;
}

/** What a service answers when it is not the operation itself that refuses. */
export interface ServiceRefusals {
  /** The role lacks a permission for the service's action. */
  readonly accessDenied: Omit<AwsError, 'message'>;
  /** The role lacks a permission for the key that encrypts what it wants. */
  readonly keyAccessDenied: Omit<AwsError, 'message'>;
  readonly unknownAccessKey: Omit<AwsError, 'message'>;
  readonly missingAccessKey: Omit<AwsError, 'message'>;
  readonly throttled: AwsError;
  /** The service's own failure; the status is the fault's. */
  readonly failed: Omit<AwsError, 'status'>;
}
