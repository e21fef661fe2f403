import type { LocalUser } from './aws/account-identities.ts';
import type { DemoBusiness } from './demo.ts';

/** The program of a business that calls the API: `LOCALBAKERY`, with the secret `local-bakery-secret`. */
export function demoUser({ tenant }: Pick<DemoBusiness, 'tenant'>): LocalUser {
  const { id } = tenant;
  return {
    name: `${id}-backend`,
    accessKeyId: `LOCAL${id.toUpperCase()}`,
    secretAccessKey: `local-${id}-secret`,
    statements: [
      {
        Effect: 'Allow',
        Action: 'execute-api:Invoke',
        // As in docs/hand-over.md, of whatever region and API these are here.
        Resource: ['chats', 'chats/*'].map(
          (path) => `arn:aws:execute-api:*:*:*/$default/*/${path}`,
        ),
      },
    ],
  };
}
