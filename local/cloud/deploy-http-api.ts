import { HttpApi } from '../http-api/http-api.ts';
import { type Route, RouteTable } from '../http-api/routes.ts';
import { TokenBucket } from '../http-api/token-bucket.ts';
import type { DeployedFunctions } from './deploy-functions.ts';
import type { InvokePermissions } from './invoke-permissions.ts';
import type { Properties } from './properties.ts';
import type { Stack, StackPlace } from './stack.ts';
import { TemplateError } from './template-error.ts';

export interface DeployedHttpApi {
  readonly api: HttpApi;
  readonly routes: readonly Route[];
}

/** Puts the routes of the template's one HTTP API in front of the functions. */
export function deployHttpApi(
  stacks: readonly Stack[],
  functions: DeployedFunctions,
  permissions: InvokePermissions,
  { account, region }: Pick<StackPlace, 'account' | 'region'>,
): DeployedHttpApi {
  const [stack, ...others] = stacks.filter((each) => resourcesOf(each, 'Api').length > 0);
  const [api, ...more] = stack ? resourcesOf(stack, 'Api') : [];
  if (!stack || !api) throw new TemplateError('stacks', 'there is no AWS::ApiGatewayV2::Api');
  if (others.length > 0 || more.length > 0) {
    throw new TemplateError(api.logicalId, 'the local cloud serves one HTTP API only');
  }
  if (api.text('ProtocolType') !== 'HTTP') {
    throw new TemplateError(api.logicalId, 'the local cloud knows the protocol HTTP only');
  }
  const apiId = stack.identityOf(api.logicalId).ref;
  const integrations = integrationsOf(stack);
  const stage = stageOf(stack);
  const routes = resourcesOf(stack, 'Route').map((route): Route => {
    route.allowOnly(['ApiId', 'AuthorizationType', 'RouteKey', 'Target', 'OperationName']);
    if ((route.optionalText('AuthorizationType') ?? 'NONE') !== 'NONE') {
      throw new TemplateError(route.logicalId, 'authorizers are unknown to the local cloud');
    }
    const functionArn = integrations.get(route.text('Target').replace('integrations/', ''));
    if (functionArn === undefined) {
      throw new TemplateError(route.logicalId, 'its target is not an integration of the template');
    }
    const routeKey = route.text('RouteKey');
    const { definition } = functions.named(functionArn, route.logicalId);
    const [method = '', path = ''] = routeKey.split(' ');
    const source = `arn:aws:execute-api:${region}:${account}:${apiId}/${stage.name}/${method}${path}`;
    const permitted = permissions.allow(definition, 'apigateway.amazonaws.com', source);
    return { routeKey, logicalId: route.logicalId, functionArn, permitted };
  });
  const buckets = new Map(routes.map(({ routeKey }) => [routeKey, stage.bucketFor(routeKey)]));
  return {
    routes,
    api: new HttpApi({
      identity: { account, apiId, stage: stage.name },
      routes: new RouteTable(routes),
      throttleOf: (routeKey) => buckets.get(routeKey),
      functionOf: (arn) => functions.named(arn, api.logicalId),
    }),
  };
}

function resourcesOf(stack: Stack, kind: string): readonly Properties[] {
  return stack.resources(`AWS::ApiGatewayV2::${kind}`).map((each) => stack.properties(each));
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
function stageOf(stack: Stack): {
  readonly name: string;
  bucketFor(routeKey: string): TokenBucket | undefined;
} {
  const [stage, ...others] = resourcesOf(stack, 'Stage');
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
