import { receiveRequest } from '#lambdas/business/receive-request.ts';
import type { shareProcess } from './shared-process.ts';
import { CONTACTS, callerOf, type Side } from './sides.ts';
import { type Witness, working } from './witness.ts';

type Process = ReturnType<typeof shareProcess>;

export interface DoorCall {
  readonly route: 'GET /chats' | 'GET /chats/{contact}' | `POST /chats/{contact}/${string}`;
  readonly contact: number;
  readonly body?: object;
  readonly id: string;
}

/**
 * A program of one business calls for a number, its own or the other's: at another's door it hears that
 * there is no such number, and nothing else.
 */
export async function callBusinessApi(
  caller: Side,
  owner: Side,
  { route, contact, body, id }: DoorCall,
  { business, metrics }: Process,
  witness: Witness,
): Promise<void> {
  const ids: Readonly<Record<string, string>> = CONTACTS[contact] ?? {};
  const event = {
    routeKey: route,
    headers: {},
    queryStringParameters: { number: owner.phoneNumberId },
    pathParameters: { contact: encodeURIComponent(ids['from_user_id'] ?? ids['from'] ?? '') },
    requestContext: { requestId: id, authorizer: { iam: { userArn: callerOf(caller.index) } } },
    isBase64Encoded: false,
    ...(body && { body: JSON.stringify({ id, ...body }) }),
  };
  // To know whose the number is takes a look at its tenant: of no chat, where it is not the caller's.
  const worker = caller === owner ? owner : undefined;
  const answered = await working.run(worker, () =>
    receiveRequest(event as unknown as Parameters<typeof receiveRequest>[0], business),
  );
  metrics.flush();
  const { statusCode = 0, body: said = '' } = answered;
  witness.answer(caller, statusCode, said);
  const isShut = statusCode === 500 || (statusCode === 404 && said.includes('number-unknown'));
  if (caller !== owner && !isShut) witness.breaches.push(`a door of ${owner.tenant.id} is open`);
  witness.count(`door ${caller === owner ? 'own' : 'other'} ${statusCode}`);
}
