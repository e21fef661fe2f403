import { signatureOf } from '../../src/adapters/whatsapp/webhook-signature.ts';

/** The ways in which somebody who is not Meta signs, by turns. */
const FORGERIES: readonly ((body: string, secret: string) => string | undefined)[] = [
  (body, secret) => signatureOf(body, `not ${secret}`),
  (body, secret) => signatureOf(`${body} `, secret),
  (body, secret) => signatureOf(body, secret).slice(0, 39),
  () => undefined,
];

/** @returns a signature that is none, or nothing */
export function forgedSignature(body: string, secret: string, nth: number): string | undefined {
  return FORGERIES[nth % FORGERIES.length]?.(body, secret);
}
