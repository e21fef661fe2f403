import { randomUUID } from 'node:crypto';
import type { Callers } from '../callers.ts';
import type { RefusedTableRequest } from '../cloudwatch/platform-metrics.ts';
import type { DynamoEngine } from '../dynamodb/dynamo-engine.ts';
import type { Faults } from '../faults.ts';
import type { KmsModel } from '../kms/kms-model.ts';
import { LogStore } from '../logs/log-store.ts';
import {
  type PeerRequest,
  type PeerResponse,
  type RunningServer,
  startPeerServer,
} from '../peer-server.ts';
import type { ObjectStore } from '../s3/object-store.ts';
import type { SecretsModel } from '../secrets/secrets-model.ts';
import type { SnsModel } from '../sns/sns-model.ts';
import type { SqsModel } from '../sqs/sqs-model.ts';
import type { AccountIdentities } from './account-identities.ts';
import { firstRefusal } from './authorisation.ts';
import type { AwsError, AwsService } from './aws-service.ts';
import { callerIdentity, isCallerIdentity } from './caller-identity.ts';
import { dynamodbService, refusedTableRequest } from './dynamodb-service.ts';
import type { FrontDoorWatch } from './front-door-watch.ts';
import type { RoleBook } from './iam.ts';
import { type ApiAnswer, parseObject } from './json-api.ts';
import type { KeyBook } from './key-access.ts';
import { kmsService } from './kms-service.ts';
import { LOCAL_OPERATOR } from './local-operator.ts';
import { logsService } from './logs-service.ts';
import { type BucketPolicies, isForS3, refuseAsS3, respondAsS3 } from './s3-door.ts';
import { secretsService } from './secrets-service.ts';
import { snsService } from './sns-service.ts';
import { sqsService } from './sqs-service.ts';

export interface FrontDoorOptions {
  readonly sqs: SqsModel;
  readonly dynamodb: DynamoEngine;
  readonly secrets: SecretsModel;
  readonly kms: KmsModel;
  readonly sns: SnsModel;
  readonly identities: Pick<AccountIdentities, 'find'>;
  readonly s3: ObjectStore;
  readonly roles: RoleBook;
  readonly faults: Faults;
  readonly callers: Callers;
  readonly region: string;
  readonly accountId: string;
  /** @default nothing was logged */
  readonly logs?: LogStore;
  /** @default no customer-managed keys */
  readonly keys?: KeyBook;
  /** @default none */
  readonly bucketPolicies?: BucketPolicies;
  /** Hears of what DynamoDB refuses by a fault. */
  readonly onTableRefusal?: (refused: RefusedTableRequest) => void;
  /** @default nobody looks */
  readonly watch?: FrontDoorWatch | undefined;
}

/**
 * Every AWS service of the local cloud, at one address. The access key id of a request's signature
 * tells who calls: an execution environment may do what its function's role may.
 */
export async function startAwsFrontDoor(options: FrontDoorOptions): Promise<RunningServer> {
  const services = servicesOf(options);
  const server: RunningServer = await startPeerServer(
    {
      // A request for an unknown service meets no fault: the peer of its own does not matter.
      peerOf: (request) =>
        isForS3(request) ? 's3' : (routeOf(services, request)?.service.peer ?? 'dynamodb'),
      environmentOf: accessKeyOf,
      isExempt: (request) =>
        options.callers.get(request.environmentId ?? '') === undefined ||
        (routeOf(services, request) === undefined && !isForS3(request)),
      async respond(request) {
        if (isCallerIdentity(request)) return callerIdentity(accessKeyOf(request), options);
        if (isForS3(request)) {
          const { keys = NO_KEYS, bucketPolicies = NO_POLICIES } = options;
          const door = { ...options, keys, bucketPolicies };
          options.watch?.s3(request.method, accessKeyOf(request));
          return respondAsS3(accessKeyOf(request), request, door);
        }
        const route = routeOf(services, request);
        if (!route) return UNKNOWN_SERVICE;
        return respondWith(route.service, await pass(route, request, options, server.url));
      },
      refuse(fault, request) {
        if (isForS3(request)) return refuseAsS3(fault);
        const route = routeOf(services, request);
        if (!route) return UNKNOWN_SERVICE;
        const { service, operation } = route;
        const refused = refusedTableRequest(operation, fault, parseObject(request.body.toString()));
        if (refused) options.onTableRefusal?.(refused);
        const { throttled, failed } = service.refusals;
        const status = fault.kind === 'status' ? fault.status : 500;
        const error: AwsError = fault.kind === 'throttle' ? throttled : { ...failed, status };
        return respondWith(service, service.refuse(error));
      },
    },
    options,
  );
  return server;
}

const UNKNOWN_SERVICE: PeerResponse = {
  status: 400,
  headers: { 'content-type': 'application/x-amz-json-1.0' },
  body: JSON.stringify({
    __type: 'UnknownOperationException',
    message:
      'The local cloud has DynamoDB, SQS, Secrets Manager and KMS, in their JSON protocols, S3, Publish of SNS, queries of CloudWatch Logs, and GetCallerIdentity of STS',
  }),
};

function servicesOf(options: FrontDoorOptions): readonly AwsService[] {
  const { region, accountId, keys = NO_KEYS, watch } = options;
  const place = { region, accountId, keys };
  const services = [
    dynamodbService(options.dynamodb, place),
    sqsService(options.sqs, place),
    secretsService(options.secrets, place),
    kmsService(options.kms),
    snsService(options.sns, place),
    logsService(options.logs ?? new LogStore()),
  ];
  if (!watch) return services;
  return services.map((each) => ({ ...each, api: watch.over(each) }));
}

const NO_KEYS: KeyBook = { keyOf: () => undefined };
const NO_POLICIES: BucketPolicies = { statementsOf: () => [] };

interface Route {
  readonly service: AwsService;
  readonly operation: string;
}

function routeOf(services: readonly AwsService[], request: PeerRequest): Route | undefined {
  const form = queryForm(request);
  if (form) {
    const service = services.find(({ queryVersion }) => queryVersion === form.get('Version'));
    return service && { service, operation: form.get('Action') ?? '' };
  }
  const target = String(request.headers['x-amz-target'] ?? '');
  const service = services.find(({ targetPrefix }) => target.startsWith(targetPrefix));
  return service && { service, operation: target.slice(service.targetPrefix.length) };
}

/** The form of a request of the query protocol. */
function queryForm({ headers, body }: PeerRequest): URLSearchParams | undefined {
  const isForm = headers['content-type']?.startsWith('application/x-www-form-urlencoded');
  return isForm ? new URLSearchParams(body.toString('utf8')) : undefined;
}

/** `AWS4-HMAC-SHA256 Credential=<access key id>/<date>/<region>/<service>/aws4_request, …` */
const CREDENTIAL = /^AWS4-HMAC-SHA256 .*Credential=([^/,\s]+)\//;

function accessKeyOf({ headers }: PeerRequest): string | undefined {
  return CREDENTIAL.exec(headers.authorization ?? '')?.[1];
}

/** Carries out a call that its caller is allowed. */
async function pass(
  { service, operation }: Route,
  request: PeerRequest,
  options: FrontDoorOptions,
  endpoint: string,
): Promise<ApiAnswer> {
  const { refusals } = service;
  const { environmentId: accessKeyId } = request;
  if (accessKeyId === undefined) {
    const message = 'Request is missing Authentication Token';
    return service.refuse({ ...refusals.missingAccessKey, message });
  }
  const caller = options.callers.get(accessKeyId);
  if (!caller && accessKeyId !== LOCAL_OPERATOR) {
    const message = 'The security token included in the request is invalid.';
    return service.refuse({ ...refusals.unknownAccessKey, message });
  }
  const form = queryForm(request);
  const text = form ? JSON.stringify(Object.fromEntries(form)) : request.body.toString('utf8');
  const input = parseObject(text);
  if (!input) {
    const message = 'The request is no JSON object';
    return service.refuse({ status: 400, code: 'SerializationException', message });
  }
  const permissions = caller ? await service.permissions(operation, input) : [];
  const refused = caller && firstRefusal(permissions, caller, options);
  if (refused) {
    const isKey = refused.permission.action.startsWith('kms:');
    const error = isKey ? refusals.keyAccessDenied : refusals.accessDenied;
    return service.refuse({ ...error, message: refused.message });
  }
  return service.api.handle(operation, text, { endpoint, principalId: accessKeyId });
}

function respondWith({ contentType }: AwsService, answer: ApiAnswer): PeerResponse {
  return {
    ...answer,
    headers: {
      'content-type': contentType,
      'x-amzn-requestid': randomUUID(),
      ...answer.headers,
    },
  };
}
