import type { AppId, PhoneNumberId } from '#domain/ids.ts';
import type { JsonObject } from '#domain/json.ts';
import { boundContent, numbersIn } from '#domain/whatsapp/bound-content.ts';
import { readWebhook } from '#domain/whatsapp/webhook.ts';
import { type AcceptWebhookDeps, acceptContent, type WebhookResult } from './accept-webhook.ts';
import type { AppDirectory, OwnApp } from './ports/app-directory.ts';

export interface AcceptOwnAppWebhookDeps extends AcceptWebhookDeps {
  readonly apps: AppDirectory;
}

/**
 * `refused-in-part`: what is bound to the app is stored and rung; a message is not, since nobody has
 * bound its number. Answer 4xx: Meta sends it again for days, and nothing is lost if that is put right.
 */
export type OwnAppWebhookResult = WebhookResult | 'refused-in-part';

/** A tenant has at most 50 numbers; whoever names many more is not worth as many reads. */
const MOST_NUMBERS = 100;
/** Enough for the operator to see which number was forgotten. */
const MOST_LOGGED = 5;
/** As many as Meta puts into a webhook, about; beyond that it is a flood, which is counted. */
const MOST_TRACED = 100;

/**
 * Makes a verified webhook of a tenant's own app durable, as `acceptWebhook` does. The app's secret is
 * known outside, so it speaks for its own tenant only: what names another's number or account, or
 * nobody's, is counted and neither stored nor queued.
 */
export async function acceptOwnAppWebhook(
  app: AppId,
  body: JsonObject,
  correlationId: string,
  deps: AcceptOwnAppWebhookDeps,
): Promise<OwnAppWebhookResult> {
  const read = readWebhook(body);
  const own = await deps.apps.findApp(app);
  const named = numbersIn(read);
  const numbers = own ? await numbersOf(own, named.slice(0, MOST_NUMBERS), deps) : [];
  const { content, refused } = boundContent(read, {
    hasNumber: (phoneNumberId) => numbers.includes(phoneNumberId),
    hasAccount: (accountId) => own?.accountIds.includes(accountId) === true,
  });
  if (refused.messages > 0) deps.metrics.count('MessagesUnbound', refused.messages);
  if (refused.events > 0) deps.metrics.count('EventsUnbound', refused.events);
  if (refused.messages + refused.events > 0) {
    const unbound = named.filter((number) => !numbers.includes(number));
    const phoneNumberIds = unbound.slice(0, MOST_LOGGED).join(' ') || undefined;
    const whose = { app, tenantId: own?.tenantId, phoneNumberIds };
    deps.log.warn('webhook_part_refused', { ...whose, ...refused });
    const strange = read.messages.filter(({ chat }) => unbound.includes(chat.phoneNumberId));
    for (const { wamid } of strange.slice(0, MOST_TRACED)) {
      const messageId = deps.pseudonyms.ofWamid(wamid);
      deps.log.info('message_arrived', { outcome: 'unbound', app, messageId });
    }
  }
  const result = await acceptContent(content, correlationId, deps);
  return result === 'taken' && refused.messages > 0 ? 'refused-in-part' : result;
}

/** Those of the named numbers that are the app's tenant's. */
async function numbersOf(
  { tenantId }: OwnApp,
  named: readonly PhoneNumberId[],
  { apps }: AcceptOwnAppWebhookDeps,
): Promise<readonly PhoneNumberId[]> {
  const owners = await Promise.all(named.map((number) => apps.ownerOf(number)));
  return named.filter((_, index) => owners[index] === tenantId);
}
