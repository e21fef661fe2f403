import { randomBytes } from 'node:crypto';
import { signatureOf } from '../../src/adapters/whatsapp/webhook-signature.ts';
import { openLedger } from '../ledger/ledger.ts';
import { expectedStatus } from '../ledger/sent.ts';
import type { Post, Side } from '../scenarios/scenario.ts';
import { METRICS } from '../scenarios/script.ts';
import { readOrders } from './orders.ts';
import { forgedSignature } from './signature.ts';
import { type Customer, tokenOf, type Written, webhookOf } from './webhook.ts';

/** The part of artillery's request that is read and filled in. */
export interface Request {
  readonly uuid: string;
  readonly webhook: Post & { readonly side: Side };
  body?: string;
  headers?: Record<string, string>;
}

interface Response {
  readonly statusCode: number;
  readonly timings: { readonly phases: { readonly firstByte?: number; readonly tcp?: number } };
}

interface Context {
  /** The same object for all that a sender does. */
  readonly vars: object;
}

interface Events {
  emit(kind: 'counter' | 'histogram', name: string, value: number): unknown;
}

interface State {
  readonly name: string;
  readonly customer: Customer;
  /** What was posted last of what has messages, and may be posted again. */
  last?: Posted;
}

interface Posted {
  readonly body: string;
  readonly first: number;
  readonly messages: number;
}

/** Of this worker: artillery has a few, and none may use another's names. */
const run = randomBytes(5).toString('hex');
const states = new WeakMap<object, State>();
let [customers, tokens, forged] = [0, 0, 0];
let nearestMs = Number.POSITIVE_INFINITY;

/** Makes of a request the webhook that the script wants, signed as Meta signs, and writes down what is sent. */
export async function fillIn(request: Request, { vars }: Context, events: Events): Promise<void> {
  const { appSecret } = readOrders();
  const { kind, side } = request.webhook;
  const state = stateOf(vars, side);
  const posted = postedFor(request.webhook, state, side);
  if (posted.messages > 0) state.last = posted;
  const signature =
    kind === 'forged'
      ? forgedSignature(posted.body, appSecret, forged++)
      : signatureOf(posted.body, appSecret);
  request.body = posted.body;
  request.headers = {
    ...request.headers,
    'content-type': 'application/json',
    ...(signature !== undefined && { 'x-hub-signature-256': signature }),
  };
  events.emit('counter', METRICS.sent, 1);
  events.emit('counter', METRICS.right, 0);
  openLedger().sent({
    id: request.uuid,
    atMs: Date.now(),
    sender: state.name,
    kind,
    side,
    run,
    first: posted.first,
    messages: posted.messages,
    statuses: statusesIn(request.webhook),
  });
}

/** Writes down how a webhook was answered. What is never answered stays without this. */
export async function writeDown(
  request: Request,
  response: Response,
  _: Context,
  events: Events,
): Promise<void> {
  const { firstByte = 0, tcp } = response.timings.phases;
  // How far away the stage is is no merit or fault of it: a connection takes one round trip.
  if (tcp !== undefined) nearestMs = Math.min(nearestMs, tcp);
  const ms = Math.max(0, firstByte - (Number.isFinite(nearestMs) ? nearestMs : 0));
  const { statusCode: status } = response;
  openLedger().answered({ id: request.uuid, status, ms });
  if (status !== expectedStatus(request.webhook.kind)) return;
  events.emit('counter', METRICS.right, 1);
  if (status === 200) events.emit('histogram', METRICS.acknowledgement, ms);
}

function stateOf(vars: object, side: Side): State {
  const known = states.get(vars);
  if (known) return known;
  customers += 1;
  const state = { name: `${run}.${customers}`, customer: someCustomer(side, customers) };
  states.set(vars, state);
  return state;
}

function someCustomer(side: Side, nth: number): Customer {
  const numbers = readOrders().numbers[side];
  const phoneNumberId = numbers[nth % numbers.length] ?? '';
  return { phoneNumberId, userId: `ZZ.load${run}x${nth}` };
}

function postedFor(post: Post, state: State, side: Side): Posted {
  if (post.kind === 'again' && state.last) return state.last;
  const first = tokens + 1;
  const written: readonly Written[] =
    post.kind === 'batch'
      ? Array.from({ length: post.messages ?? 0 }, () => {
          customers += 1;
          return write(someCustomer(side, customers));
        })
      : post.kind === 'status'
        ? []
        : [write(state.customer)];
  const statuses = Array.from({ length: statusesIn(post) }, (_, nth) =>
    written.length > 0
      ? (written[nth % written.length]?.customer ?? state.customer)
      : state.customer,
  );
  const body = webhookOf(written, statuses, Date.now());
  return { body, first, messages: written.length };
}

function write(customer: Customer): Written {
  tokens += 1;
  return { customer, token: tokenOf(run, tokens) };
}

function statusesIn({ kind, statuses }: Post): number {
  return statuses ?? (kind === 'status' ? 1 : 0);
}
