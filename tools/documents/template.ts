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

/** The logical id that a `Ref` or an `Fn::GetAtt` names. */
export function referenceIn(value: unknown): string | undefined {
  if (!isObject(value)) return undefined;
  const [attribute] = listAt(value, 'Fn::GetAtt');
  return textAt(value, 'Ref') ?? (typeof attribute === 'string' ? attribute : undefined);
}
