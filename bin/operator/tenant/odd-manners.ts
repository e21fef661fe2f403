import { purposeOf } from '#domain/conversation/instructions.ts';
import { holdsSecret } from '#domain/conversation/secret-shapes.ts';
import { shutdownInWords } from '#domain/money/model-shutdowns.ts';
import type { Tenant } from '#domain/tenant/tenant.ts';
import { textsOf } from '#domain/tenant/texts-of.ts';

/** What a business may be given and its owner should know of, a sentence each. */
export function oddManners(tenant: Tenant, nowMs: number): readonly string[] {
  const ends = modelsOf(tenant)
    .map((model) => shutdownInWords(model, nowMs))
    .filter((each) => each !== undefined)
    .map((each) => `${each}: choose another (docs/tenant.md, "The model").`);
  const secrets = textsOf(tenant).some(holdsSecret)
    ? [
        'A text of the business holds what looks like a key or a token: answers with it are withheld.',
      ]
    : [];
  const purpose =
    tenant.manners.purpose === undefined
      ? [`It has no manners.purpose: the assistant is told "${purposeOf(tenant)}"`]
      : [];
  return [...ends, ...secrets, ...purpose];
}

function modelsOf({ model, fallbackModel }: Tenant): readonly string[] {
  return [model, fallbackModel].filter((each) => each !== undefined);
}
