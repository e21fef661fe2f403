import type {
  APIGatewayProxyEventV2WithIAMAuthorizer,
  APIGatewayProxyStructuredResultV2,
} from 'aws-lambda';
import type { Log } from '#app/ports/log.ts';
import type { Metrics } from '#app/ports/metrics.ts';
import type { TenantDirectory } from '#app/ports/tenant-directory.ts';
import { type BusinessRouteKey, businessRoutes } from './config.ts';
import { findBusiness } from './find-business.ts';
import { type GiveCommandDeps, giveCommand } from './give-command.ts';
import { problem } from './problems.ts';
import { check } from './read-request.ts';
import { chatQuery, commandQuery, listQuery } from './schemas.ts';
import { listChatsOf, type ShowChatsDeps, showChatOf } from './show-chats.ts';

export interface ReceiveRequestDeps extends GiveCommandDeps, ShowChatsDeps {
  readonly tenants: TenantDirectory;
  readonly log: Log;
  readonly metrics: Metrics;
}

type Request = APIGatewayProxyEventV2WithIAMAuthorizer;
type Answer = APIGatewayProxyStructuredResultV2;

/**
 * A request of a business's program, whose signature API Gateway has verified. Whose it is decides the
 * tenant's own list of callers, for every request. Commands are put into the chat's inbox and rung; what is
 * shown is read. Errors are problem details without anybody's words.
 */
export async function receiveRequest(request: Request, deps: ReceiveRequestDeps): Promise<Answer> {
  const answered = await answer(request, deps).catch((error: unknown) => {
    deps.log.error('request_failed', {}, error);
    return problem('failed');
  });
  const { statusCode = 500 } = answered;
  if (statusCode >= 400) {
    deps.metrics.count('ApiRequestsRefused');
    deps.log.warn('api_request_refused', { statusCode, route: request.routeKey });
  }
  return answered;
}

async function answer(request: Request, deps: ReceiveRequestDeps): Promise<Answer> {
  switch (routeOf(request)) {
    case 'GET /chats': {
      const query = check(listQuery, request.queryStringParameters ?? {});
      if (query.kind === 'wrong') return problem('request-invalid', { errors: query.errors });
      const business = await findBusiness(query.value.number, request, deps);
      return business ? listChatsOf(business, query.value, deps) : problem('number-unknown');
    }
    case 'GET /chats/{contact}': {
      const query = check(chatQuery, request.queryStringParameters ?? {});
      if (query.kind === 'wrong') return problem('request-invalid', { errors: query.errors });
      const business = await findBusiness(query.value.number, request, deps);
      if (!business) return problem('number-unknown');
      return showChatOf(business, request.pathParameters?.['contact'], query.value, deps);
    }
    case 'POST /chats/{contact}/messages':
      return command('say', request, deps);
    case 'POST /chats/{contact}/take':
      return command('take', request, deps);
    case 'POST /chats/{contact}/release':
      return command('release', request, deps);
    case undefined:
      return problem('chat-unknown');
  }
}

async function command(
  kind: 'say' | 'take' | 'release',
  request: Request,
  deps: ReceiveRequestDeps,
): Promise<Answer> {
  const query = check(commandQuery, request.queryStringParameters ?? {});
  if (query.kind === 'wrong') return problem('request-invalid', { errors: query.errors });
  const business = await findBusiness(query.value.number, request, deps);
  return business ? giveCommand(kind, business, request, deps) : problem('number-unknown');
}

function routeOf({ routeKey }: Request): BusinessRouteKey | undefined {
  return isOurs(routeKey) ? routeKey : undefined;
}

function isOurs(routeKey: string): routeKey is BusinessRouteKey {
  return businessRoutes.some(({ method, path }) => `${method} ${path}` === routeKey);
}
