import { signatureOf } from '../src/adapters/whatsapp/webhook-signature.ts';
import { CANARY_NUMBER } from '../src/domain/tenant/canary-tenant.ts';

const run = `${process.pid}.${Date.now()}`;
let customers = 0;

/** The part of artillery's request that is filled in. */
interface Request {
  body?: string;
  headers?: Record<string, string>;
}

/** Makes of a request the webhook of a customer who writes for the first time, signed as Meta signs. */
export async function fillIn(request: Request): Promise<void> {
  customers += 1;
  const user = `ZZ.load.${run}.${customers}`;
  const value = {
    messaging_product: 'whatsapp',
    metadata: { display_phone_number: '0', phone_number_id: CANARY_NUMBER },
    contacts: [{ profile: { name: 'Load' }, user_id: user }],
    messages: [
      {
        from_user_id: user,
        id: `wamid.load.${run}.${customers}`,
        timestamp: String(Math.floor(Date.now() / 1_000)),
        type: 'text',
        text: { body: 'Does this service work?' },
      },
    ],
  };
  const body = JSON.stringify({
    object: 'whatsapp_business_account',
    entry: [{ id: '0', changes: [{ field: 'messages', value }] }],
  });
  request.body = body;
  request.headers = {
    ...request.headers,
    'content-type': 'application/json',
    'x-hub-signature-256': signatureOf(body, process.env['LOAD_APP_SECRET'] ?? ''),
  };
}
