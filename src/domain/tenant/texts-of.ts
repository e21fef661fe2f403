import type { Tenant } from './tenant.ts';

/** Everything that a business wrote itself, and so may be told to its customers. */
export function textsOf({
  name,
  instructions,
  fallbackText,
  limitText,
  optOut,
  manners,
  handOver,
}: Tenant): readonly string[] {
  const { purpose, greeting, blockedText, texts } = manners;
  const set = Object.values(texts).flatMap((local) => Object.values(local));
  const { optOutText, optInText } = optOut;
  return [
    name,
    instructions,
    fallbackText,
    limitText,
    purpose,
    greeting,
    blockedText,
    optOutText,
    optInText,
    handOver.personText,
    handOver.closedText,
    ...set,
  ].filter((text) => text !== undefined);
}
