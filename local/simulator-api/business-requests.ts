import { randomBytes, randomInt } from 'node:crypto';
import { type JsonObject, listAt, valueAt } from '#domain/json.ts';
import type { MetaApp } from '#local/whatsapp/meta-app.ts';
import { MANAGEMENT, MESSAGING, type TokenGrant } from '#local/whatsapp/numbers.ts';
import type { WhatsAppWorld } from '#local/whatsapp/world.ts';
import { optionalText, optionalWholeNumber, requiredText } from './request-body.ts';
import { RequestError } from './request-error.ts';

const LONGEST_LIFE_S = 10 * 365 * 86_400;

/**
 * `POST businesses`: somebody opens a WhatsApp Business Account with a number, and gives the app a
 * token for it. Neither is the number registered nor the app subscribed, unless that is asked for.
 */
export function addBusiness(world: WhatsAppWorld, body: JsonObject): JsonObject {
  const phoneNumberId = optionalId(body, 'phone_number_id') ?? randomId('4');
  if (world.numbers.find(phoneNumberId)) {
    throw new RequestError(409, `There is a number with the id ${phoneNumberId}`);
  }
  const accountId = optionalId(body, 'account_id') ?? randomId('5');
  const displayPhoneNumber =
    optionalId(body, 'display_phone_number') ?? randomId('1555').slice(0, 11);
  const isNewAccount = world.numbers.ofAccount(accountId).length === 0;
  const app = appIn(world, body);
  const grant = readGrant(world, body, accountId);
  world.numbers.add(
    {
      name: requiredText(body, 'name'),
      phoneNumberId,
      displayPhoneNumber,
      accountId,
      portfolioId: randomId('6'),
      accessTokens: [],
    },
    { isRegistered: optionalFlag(body, 'registered') },
  );
  if (isNewAccount) {
    world.apps.subscribe(accountId, world.app, false);
    world.apps.subscribe(accountId, app, optionalFlag(body, 'subscribed'));
  }
  return {
    phone_number_id: phoneNumberId,
    account_id: accountId,
    display_phone_number: displayPhoneNumber,
    access_token: app.issueToken(grant),
  };
}

/** `POST signup-codes`: a business goes through Embedded Signup. The code lives for 30 seconds. */
export function issueSignupCode(world: WhatsAppWorld, body: JsonObject): JsonObject {
  const accountId = requiredText(body, 'account_id');
  const [business] = world.numbers.ofAccount(accountId);
  if (!business) throw new RequestError(404, `There is no account ${accountId}`);
  const { code, expiresAtMs } = appIn(world, body).issueCode(readGrant(world, body, accountId));
  return {
    code,
    expires_at: expiresAtMs,
    account_id: accountId,
    phone_number_id: business.phoneNumberId,
  };
}

/**
 * `GET app`, and `POST app` `{"secret":"…"}`: the secret is reset, and signs from now on. `app_id` names
 * another app than the one that all share.
 */
export function describeApp({ id, name, secret, callback }: MetaApp): JsonObject {
  return { id, name, secret, callback };
}

export function changeApp(world: WhatsAppWorld, body: JsonObject): JsonObject {
  const app = appIn(world, body);
  app.resetSecret(optionalText(body, 'secret') || newSecret());
  return describeApp(app);
}

/** `POST apps`: a business makes an app of its own in the dashboard, with its callback URL. */
export function addApp(world: WhatsAppWorld, body: JsonObject): JsonObject {
  const callback = requiredText(body, 'callback');
  if (!/^\/[\w./-]{1,200}$/.test(callback)) {
    throw new RequestError(400, 'callback must be a path of this address, such as /webhook/shop');
  }
  const secret = optionalText(body, 'secret') || newSecret();
  return describeApp(world.apps.add({ name: requiredText(body, 'name'), callback, secret }));
}

function newSecret(): string {
  return randomBytes(16).toString('hex');
}

/** The app that a request names. @throws RequestError 404 */
function appIn(world: WhatsAppWorld, body: JsonObject): MetaApp {
  const id = optionalText(body, 'app_id');
  const app = id === undefined ? world.app : world.apps.find(id);
  if (app) return app;
  throw new RequestError(404, `There is no app ${id}`);
}

function readGrant(world: WhatsAppWorld, body: JsonObject, accountId: string): TokenGrant {
  const scopes = valueAt(body, 'scopes') === undefined ? undefined : listAt(body, 'scopes');
  const lifeSeconds = optionalWholeNumber(body, 'expires_in', { min: 1, max: LONGEST_LIFE_S });
  return {
    scopes: scopes?.map(String) ?? [MANAGEMENT, MESSAGING],
    accountIds: [accountId],
    expiresAtMs: lifeSeconds === undefined ? undefined : world.now() + lifeSeconds * 1000,
  };
}

function optionalId(body: JsonObject, key: string): string | undefined {
  const value = optionalText(body, key);
  if (value === undefined || /^\d{5,20}$/.test(value)) return value;
  throw new RequestError(400, `${key} must be a text of 5 to 20 digits`);
}

function optionalFlag(body: JsonObject, key: string): boolean {
  const value = valueAt(body, key) ?? false;
  if (typeof value === 'boolean') return value;
  throw new RequestError(400, `${key} must be true or false`);
}

/** Fifteen digits, as Meta's ids have. */
function randomId(start: string): string {
  return start + String(randomInt(10 ** 11)).padStart(15 - start.length, '0');
}
