import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AnsweredRequest } from '../cloudwatch/platform-metrics.ts';
import { HttpApi } from '../http-api/http-api.ts';
import type { AuthoriseRequest } from '../http-api/iam-authorizer.ts';
import { type Route, RouteTable } from '../http-api/routes.ts';
import { TokenBucket } from '../http-api/token-bucket.ts';
import type { DeployedFunctions } from './deploy-functions.ts';
import type { InvokePermissions } from './invoke-permissions.ts';
import type { Properties } from './properties.ts';
import type { Stack, StackPlace } from './stack.ts';
import { TemplateError } from './template-error.ts';

export interface DeployedHttpApis {
  /** Of all APIs. */
  readonly routes: readonly Route[];
  /** Answers any request; never rejects. */
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>;
}

interface DeployedHttpApi {
  readonly api: HttpApi;
  readonly routes: readonly Route[];
}

type ApiPlace = Pick<StackPlace, 'account' | 'region'> & {
  readonly authorise: AuthoriseRequest;
  readonly onRequest: (request: AnsweredRequest) => void;
};

/**
 * Puts the routes of the template's HTTP APIs in front of the functions. Each has an address of its own
 * in the cloud; here all are at one, so that no two may have the same route.
 */
export function deployHttpApis(
  stacks: readonly Stack[],
  functions: DeployedFunctions,
  permissions: InvokePermissions,
  place: ApiPlace,
): DeployedHttpApis {
  const apis = stacks.flatMap((stack) =>
    resourcesOf(stack, 'Api').map((api) =>
      deployHttpApi(api, { stack, functions, permissions, place }),
    ),
  );
  const [first] = apis;
  if (!first) throw new TemplateError('stacks', 'there is no AWS::ApiGatewayV2::Api');
  const routes = apis.flatMap((each) => each.routes);
  for (const { routeKey, logicalId } of routes) {
    const twin = routes.find((each) => each.routeKey === routeKey && each.logicalId !== logicalId);
    if (twin)
      throw new TemplateError(logicalId, `${twin.logicalId} has the route ${routeKey} as well`);
  }
  return {
    routes,
    handle: (request, response) => {
      const { api } = apis.find((each) => each.api.hasRouteFor(request)) ?? first;
      return api.handle(request, response);
    },
  };
}

interface ApiSurroundings {
  readonly stack: Stack;
  readonly functions: DeployedFunctions;
  readonly permissions: InvokePermissions;
  readonly place: ApiPlace;
}

function deployHttpApi(
  api: Properties,
  { stack, functions, permissions, place }: ApiSurroundings,
): DeployedHttpApi {
  const { account, region, authorise, onRequest } = place;
  if (api.text('ProtocolType') !== 'HTTP') {
    throw new TemplateError(api.logicalId, 'the local cloud knows the protocol HTTP only');
  }
  const apiId = stack.identityOf(api.logicalId).ref;
  const integrations = integrationsOf(stack);
  const stage = stageOf(stack, apiId);
  const routes = resourcesOf(stack, 'Route', apiId).map((route): Route => {
    route.allowOnly(['ApiId', 'AuthorizationType', 'RouteKey', 'Target', 'OperationName']);
    const functionArn = integrations.get(route.text('Target').replace('integrations/', ''));
    if (functionArn === undefined) {
      throw new TemplateError(route.logicalId, 'its target is not an integration of the template');
    }
    const routeKey = route.text('RouteKey');
    const { name } = functions.named(functionArn, route.logicalId);
    const [method = '', path = ''] = routeKey.split(' ');
    const arnPrefix = `arn:aws:execute-api:${region}:${account}:${apiId}/${stage.name}/`;
    const source = `${arnPrefix}${method}${path}`;
    const permitted = permissions.allow(name, 'apigateway.amazonaws.com', source);
    const authorization = authorizationOf(route, arnPrefix);
    return { routeKey, logicalId: route.logicalId, functionArn, permitted, authorization };
  });
  const buckets = new Map(routes.map(({ routeKey }) => [routeKey, stage.bucketFor(routeKey)]));
  return {
    routes,
    api: new HttpApi({
      identity: { account, apiId, stage: stage.name },
      routes: new RouteTable(routes),
      throttleOf: (routeKey) => buckets.get(routeKey),
      functionOf: (arn) => functions.named(arn, api.logicalId).lambda,
      authorise,
      onAnswered: (answered) => onRequest({ apiId, stage: stage.name, ...answered }),
    }),
  };
}

function authorizationOf(route: Properties, arnPrefix: string): Route['authorization'] {
  const type = route.optionalText('AuthorizationType') ?? 'NONE';
  if (type === 'NONE' || type === 'AWS_IAM') return { type, arnPrefix };
  throw new TemplateError(
    route.logicalId,
    `the authorization ${type} is unknown to the local cloud`,
  );
}

/** Those of one API, where that is asked for. */
function resourcesOf(stack: Stack, kind: string, apiId?: string): readonly Properties[] {
  return stack
    .resources(`AWS::ApiGatewayV2::${kind}`)
    .map((each) => stack.properties(each))
    .filter((each) => apiId === undefined || each.text('ApiId') === apiId);
}

/** ARN of each integration's function, by the integration's id. */
function integrationsOf(stack: Stack): ReadonlyMap<string, string> {
  return new Map(
    resourcesOf(stack, 'Integration').map((integration) => {
      integration.allowOnly(['ApiId', 'IntegrationType', 'IntegrationUri', 'PayloadFormatVersion']);
      const { logicalId } = integration;
      if (
        integration.text('IntegrationType') !== 'AWS_PROXY' ||
        integration.text('PayloadFormatVersion') !== '2.0'
      ) {
        throw new TemplateError(logicalId, 'the local cloud knows AWS_PROXY with format 2.0 only');
      }
      return [stack.identityOf(logicalId).ref, integration.text('IntegrationUri')];
    }),
  );
}

/** Name of the stage, and the throttle that it puts on each route of its own. */
function stageOf(
  stack: Stack,
  apiId: string,
): {
  readonly name: string;
  bucketFor(routeKey: string): TokenBucket | undefined;
} {
  const [stage, ...others] = resourcesOf(stack, 'Stage', apiId);
  if (!stage) throw new TemplateError(stack.name, 'its HTTP API has no stage: nothing is deployed');
  if (others.length > 0 || stage.text('StageName') !== '$default') {
    throw new TemplateError(stage.logicalId, 'the local cloud serves the stage $default only');
  }
  stage.allowOnly(KNOWN_OF_STAGE);
  const byRoute = stage.optionalObject('RouteSettings');
  return {
    name: '$default',
    bucketFor(routeKey) {
      const own = byRoute?.optionalObject(routeKey);
      const settings = own ?? stage.optionalObject('DefaultRouteSettings');
      const rate = settings?.optionalNumber('ThrottlingRateLimit');
      const burst = settings?.optionalNumber('ThrottlingBurstLimit');
      return rate === undefined || burst === undefined ? undefined : new TokenBucket(rate, burst);
    },
  };
}

const KNOWN_OF_STAGE = [
  'AccessLogSettings',
  'ApiId',
  'AutoDeploy',
  'DefaultRouteSettings',
  'Description',
  'RouteSettings',
  'StageName',
  'Tags',
];
