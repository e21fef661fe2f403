import { type GatewayRequest, requestEvent } from '../../../local/http-api/request-event.ts';

/** What of a request is not the same for all. */
type Asked = Pick<GatewayRequest, 'method' | 'path'> &
  Partial<Pick<GatewayRequest, 'headers' | 'body' | 'rawQuery' | 'iam'>>;

/** What API Gateway gives a function for a request. @returns JSON */
export function gatewayEvent(asked: Asked): string {
  const route = {
    routeKey: `${asked.method} ${asked.path}`,
    logicalId: 'Route',
    functionArn: '',
    permitted: true,
    authorization: { type: 'NONE' },
  } as const;
  const request = {
    headers: {},
    body: Buffer.alloc(0),
    rawQuery: '',
    sourceIp: '127.0.0.1',
    atMs: Date.now(),
    ...asked,
  };
  const gateway = { account: '000000000000', apiId: 'bench', stage: '$default' };
  return JSON.stringify(requestEvent(request, { route, parameters: {} }, gateway));
}
