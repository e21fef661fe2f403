import { createHmac } from 'node:crypto';

/** A webhook as Meta sends it, and with nothing in it: it is taken and leaves no trace. */
export const SIGNED_NOTHING = JSON.stringify({ object: 'whatsapp_business_account', entry: [] });

export function signed(appSecret: string): string {
  return `sha256=${createHmac('sha256', appSecret).update(SIGNED_NOTHING).digest('hex')}`;
}
