import { isObject, type JsonObject, listAt, objectAt, textAt } from '#domain/json.ts';

/** A resource of a stage's templates. */
export interface TemplateResource {
  readonly logicalId: string;
  readonly type: string;
  readonly properties: JsonObject;
}

/** All resources of a stage, whichever stack they are in. */
export function resourcesOf(templates: readonly JsonObject[]): readonly TemplateResource[] {
  return templates.flatMap((template) =>
    Object.entries(objectAt(template, 'Resources') ?? {}).flatMap(([logicalId, resource]) => {
      if (!isObject(resource)) return [];
      const type = textAt(resource, 'Type') ?? '';
      return [{ logicalId, type, properties: objectAt(resource, 'Properties') ?? {} }];
    }),
  );
}

/** The logical ids that a value names by `Ref` or `Fn::GetAtt`, however deep in it. */
export function referencesIn(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(referencesIn);
  if (!isObject(value)) return [];
  const [attribute] = listAt(value, 'Fn::GetAtt');
  const named = textAt(value, 'Ref') ?? attribute;
  if (typeof named === 'string') return [named];
  return Object.values(value).flatMap(referencesIn);
}
