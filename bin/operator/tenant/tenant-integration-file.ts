import { z } from 'zod';
import { isCallerArn, MOST_CALLERS } from '#domain/tenant/api-settings.ts';
import type { IntegrationSettings } from '#domain/tenant/integration-settings.ts';
import { isWebhookUrl, NOTICE_KINDS } from '#domain/tenant/notices-settings.ts';

/** What a file says of how a business is told of its chats, and who may call the API for it. */

const webhookSchema = z.strictObject({
  url: z
    .string()
    .refine(isWebhookUrl, 'must be an https:// address without a password in it')
    .describe('Where events are sent; they are signed with the notices-secret'),
  events: z
    .array(z.enum(NOTICE_KINDS))
    .min(1)
    .default([...NOTICE_KINDS])
    .describe('Which events; default: all'),
});

const noticesSchema = z.strictObject({
  webhook: webhookSchema.optional().describe("The business's own server"),
});

const apiSchema = z.strictObject({
  callers: z
    .array(
      z
        .string()
        .refine(
          isCallerArn,
          'must be the ARN of an IAM user or role: arn:aws:iam::123456789012:role/name',
        ),
    )
    .max(MOST_CALLERS)
    .default([])
    .describe('IAM users and roles that may call the business API for this tenant'),
});

/** Keys of a tenant's file. */
export const integrationSchema = {
  notices: noticesSchema
    .prefault({})
    .describe('How the business is told what happens in its chats'),
  api: apiSchema.prefault({}).describe('Who may call the business API'),
};

/** The keys of each level, for messages. */
export const INTEGRATION_KEYS: Readonly<Record<string, readonly string[]>> = {
  notices: Object.keys(noticesSchema.shape),
  'notices.webhook': Object.keys(webhookSchema.shape),
  api: Object.keys(apiSchema.shape),
};

interface IntegrationFile {
  readonly notices: z.output<typeof noticesSchema>;
  readonly api: z.output<typeof apiSchema>;
}

export function toIntegration({ notices, api }: IntegrationFile): IntegrationSettings {
  return { notices: { webhook: notices.webhook }, api };
}

/** As it is written in a file. */
export function integrationDocument({ notices: { webhook }, api }: IntegrationSettings) {
  return {
    ...(webhook && { notices: { webhook } }),
    ...(api.callers.length > 0 && { api }),
  };
}
