import { isObject, type JsonObject } from './properties.ts';
import { TemplateError } from './template-error.ts';

/** What the functions of one template can point at. */
export interface TemplateScope {
  readonly region: string;
  readonly mappings: JsonObject;
  readonly conditions: JsonObject;
  /** Value of a resource, parameter or pseudo parameter; undefined where there is none. */
  reference(logicalId: string): string | undefined;
  /** Undefined where the resource or its attribute is unknown. */
  attribute(logicalId: string, attribute: string): string | undefined;
  /** What another stack exports; undefined where none does. */
  imported(exportName: string): unknown;
}

/** The value of `AWS::NoValue`: the property that holds it is left out. */
const NO_VALUE = Symbol('AWS::NoValue');

/**
 * Replaces every intrinsic function in a part of a template by its value.
 * @throws TemplateError naming the logical id, for anything unknown: nothing is skipped silently
 */
export function resolveIntrinsics(
  value: unknown,
  scope: TemplateScope,
  logicalId: string,
): unknown {
  return new Resolution(scope, logicalId).resolve(value);
}

/** @throws TemplateError where the template has no such condition */
export function conditionHolds(name: string, scope: TemplateScope, logicalId: string): boolean {
  return new Resolution(scope, logicalId).condition(name);
}

/** One walk over a value, on behalf of one resource. */
class Resolution {
  readonly #scope: TemplateScope;
  readonly #logicalId: string;

  constructor(scope: TemplateScope, logicalId: string) {
    this.#scope = scope;
    this.#logicalId = logicalId;
  }

  resolve(value: unknown): unknown {
    if (Array.isArray(value)) {
      return value.map((each) => this.resolve(each)).filter((each) => each !== NO_VALUE);
    }
    if (typeof value === 'string' && value.includes('{{resolve:')) {
      this.#fail('dynamic references ({{resolve:…}}) are unknown to the local cloud');
    }
    if (!isObject(value)) return value;
    const [only, ...others] = Object.entries(value);
    if (only && others.length === 0 && (only[0] === 'Ref' || only[0].startsWith('Fn::'))) {
      return this.#call(only[0], only[1]);
    }
    const resolved = Object.entries(value).map(([key, each]) => [key, this.resolve(each)] as const);
    return Object.fromEntries(resolved.filter(([, each]) => each !== NO_VALUE));
  }

  condition(name: string): boolean {
    const expression = this.#scope.conditions[name];
    if (expression === undefined) this.#fail(`there is no condition ${name} in the template`);
    return this.#truth(expression);
  }

  #call(name: string, argument: unknown): unknown {
    switch (name) {
      case 'Ref':
        return this.#reference(this.#asText(argument, name));
      case 'Fn::GetAtt': {
        const [id, ...attribute] = Array.isArray(argument)
          ? this.#texts(argument, name)
          : this.#asText(argument, name).split('.');
        return this.#attribute(id ?? '', attribute.join('.'));
      }
      case 'Fn::Sub':
        return this.#substitute(argument);
      case 'Fn::Join': {
        const [separator, parts] = this.#pair(argument, name);
        return this.#texts(parts, name).join(this.#asText(separator, name));
      }
      case 'Fn::Split': {
        const [separator, text] = this.#pair(argument, name);
        return this.#asText(this.resolve(text), name).split(this.#asText(separator, name));
      }
      case 'Fn::Select': {
        const [index, list] = this.#pair(argument, name);
        const found = this.#list(this.resolve(list), name)[Number(this.resolve(index))];
        return found === undefined ? this.#fail('Fn::Select points past its list') : found;
      }
      case 'Fn::FindInMap':
        return this.#findInMap(this.#texts(argument, name));
      case 'Fn::If': {
        const [condition, yes, no] = this.#list(argument, name);
        return this.resolve(this.condition(this.#asText(condition, name)) ? yes : no);
      }
      case 'Fn::ImportValue': {
        const exported = this.#asText(this.resolve(argument), name);
        return (
          this.#scope.imported(exported) ??
          this.#fail(`no stack brought up before this one exports ${exported}`)
        );
      }
      case 'Fn::Base64':
        return Buffer.from(this.#asText(this.resolve(argument), name)).toString('base64');
      case 'Fn::GetAZs': {
        const region = this.#asText(this.resolve(argument), name) || this.#scope.region;
        return ['a', 'b', 'c'].map((zone) => region + zone);
      }
      default:
        return this.#fail(
          `the function ${name} is unknown to the local cloud; write it otherwise or add it to local/cloud/intrinsics.ts`,
        );
    }
  }

  #truth(expression: unknown): boolean {
    const [only, ...others] = isObject(expression) ? Object.entries(expression) : [];
    if (!only || others.length > 0) return this.#fail('a condition is not one function');
    const [name, argument] = only;
    switch (name) {
      case 'Condition':
        return this.condition(this.#asText(argument, name));
      case 'Fn::Equals': {
        const [left, right] = this.#pair(argument, name);
        return String(this.resolve(left)) === String(this.resolve(right));
      }
      case 'Fn::And':
        return this.#list(argument, name).every((each) => this.#truth(each));
      case 'Fn::Or':
        return this.#list(argument, name).some((each) => this.#truth(each));
      case 'Fn::Not':
        return !this.#truth(this.#list(argument, name)[0]);
      default:
        return this.#fail(`the condition function ${name} is unknown to the local cloud`);
    }
  }

  #reference(id: string): unknown {
    if (id === 'AWS::NoValue') return NO_VALUE;
    return (
      this.#scope.reference(id) ??
      this.#fail(
        `Ref ${id} points at no resource, parameter or pseudo parameter that is known here`,
      )
    );
  }

  #attribute(id: string, attribute: string): string {
    return (
      this.#scope.attribute(id, attribute) ??
      this.#fail(
        `Fn::GetAtt ${id}.${attribute} is unknown here; local/cloud/resource-types.ts lists the attributes of each type`,
      )
    );
  }

  #substitute(argument: unknown): string {
    const [text, variables] = Array.isArray(argument) ? argument : [argument, {}];
    const own = isObject(variables) ? variables : {};
    return this.#asText(text, 'Fn::Sub').replaceAll(/\$\{([^}]*)\}/g, (_, inner: string) => {
      const name = inner.trim();
      if (name.startsWith('!')) return `\${${name.slice(1)}}`;
      if (name in own) return this.#asText(this.resolve(own[name]), 'Fn::Sub');
      const [id, ...attribute] = name.split('.');
      return attribute.length > 0
        ? this.#attribute(id ?? '', attribute.join('.'))
        : this.#asText(this.#reference(name), 'Fn::Sub');
    });
  }

  #findInMap([map = '', top = '', second = '']: readonly string[]): unknown {
    const table = this.#scope.mappings[map];
    const row = isObject(table) ? table[top] : undefined;
    const found = isObject(row) ? row[second] : undefined;
    return found ?? this.#fail(`the mapping ${map} has no ${top}.${second}`);
  }

  #pair(argument: unknown, name: string): readonly [unknown, unknown] {
    const list = this.#list(argument, name);
    return list.length === 2 ? [list[0], list[1]] : this.#fail(`${name} takes two arguments`);
  }

  #list(value: unknown, name: string): readonly unknown[] {
    return Array.isArray(value) ? value : this.#fail(`${name} takes a list`);
  }

  #texts(value: unknown, name: string): readonly string[] {
    return this.#list(this.resolve(value), name).map((each) => this.#asText(each, name));
  }

  #asText(value: unknown, name: string): string {
    if (typeof value === 'string') return value;
    if (typeof value === 'number' || typeof value === 'boolean') return String(value);
    return this.#fail(`${name} got something that is not a string`);
  }

  #fail(problem: string): never {
    throw new TemplateError(this.#logicalId, problem);
  }
}
