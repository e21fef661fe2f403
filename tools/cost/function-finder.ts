import { objectAt, textAt } from '#domain/json.ts';
import { referencesIn, type TemplateResource } from '../documents/template.ts';

/** Raised for a template that names a function which it does not have. */
class UnknownFunctionError extends Error {
  override readonly name = 'UnknownFunctionError';
}

/** Finds whose a reference of the template is, also by way of an alias or a version. */
export class FunctionFinder {
  readonly #resources: ReadonlyMap<string, TemplateResource>;

  constructor(resources: readonly TemplateResource[]) {
    this.#resources = new Map(resources.map((each) => [each.logicalId, each]));
  }

  /** The function's folder under lambdas/. @throws UnknownFunctionError */
  folderOf(logicalId: string): string {
    const found = this.#resources.get(logicalId);
    if (found?.type === 'AWS::Lambda::Alias' || found?.type === 'AWS::Lambda::Version') {
      return this.folderIn(found.properties['FunctionName']);
    }
    const environment = objectAt(found?.properties ?? {}, 'Environment') ?? {};
    const folder = textAt(objectAt(environment, 'Variables') ?? {}, 'POWERTOOLS_SERVICE_NAME');
    if (folder === undefined) throw new UnknownFunctionError(`${logicalId} is no function of ours`);
    return folder;
  }

  /** @throws UnknownFunctionError */
  folderIn(reference: unknown): string {
    const [logicalId = JSON.stringify(reference)] = referencesIn(reference);
    return this.folderOf(logicalId);
  }
}
