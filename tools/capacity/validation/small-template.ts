import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isObject, type JsonObject, objectAt, textAt, valueAt } from '#domain/json.ts';
import type { Assembly } from '#local/synthesize.ts';

/** Gives the processor of a synthesized stage so many places and chats to a batch, in the templates themselves. */
export function makeSmall(
  { directory }: Assembly,
  { processors, batchSize }: { readonly processors: number; readonly batchSize: number },
): void {
  for (const name of readdirSync(directory).filter((each) => each.endsWith('.template.json'))) {
    const file = join(directory, name);
    const template: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (!isObject(template)) continue;
    const resources = Object.entries(objectAt(template, 'Resources') ?? {}).map(
      ([id, resource]) => [
        id,
        isObject(resource) ? small(id, resource, { processors, batchSize }) : resource,
      ],
    );
    writeFileSync(file, JSON.stringify({ ...template, Resources: Object.fromEntries(resources) }));
  }
}

function small(
  id: string,
  resource: JsonObject,
  { processors, batchSize }: { readonly processors: number; readonly batchSize: number },
): JsonObject {
  const properties = objectAt(resource, 'Properties') ?? {};
  const type = textAt(resource, 'Type');
  // Only the processor reserves, and only its mapping has no window and a queue in order.
  if (type === 'AWS::Lambda::Function' && id.startsWith('Processor')) {
    return withProperties(resource, { ReservedConcurrentExecutions: processors });
  }
  const source = JSON.stringify(valueAt(properties, 'EventSourceArn') ?? '');
  if (type === 'AWS::Lambda::EventSourceMapping' && source.includes('Chat')) {
    return withProperties(resource, {
      ScalingConfig: { MaximumConcurrency: processors },
      BatchSize: batchSize,
    });
  }
  return resource;
}

function withProperties(resource: JsonObject, over: JsonObject): JsonObject {
  return { ...resource, Properties: { ...objectAt(resource, 'Properties'), ...over } };
}
