import { TemplateError } from '../cloud/template-error.ts';

/** A route of the deployed API. */
export interface Route {
  /** As in the template, for example `POST /webhook`, `ANY /items/{id}` or `$default`. */
  readonly routeKey: string;
  readonly logicalId: string;
  /** ARN of the function that it leads to. */
  readonly functionArn: string;
  /** False where no AWS::Lambda::Permission lets the API call the function. */
  readonly permitted: boolean;
  /** Whether callers have to sign; `arnPrefix` + method + path is what they must be allowed to invoke. */
  readonly authorization:
    | { readonly type: 'NONE' }
    | { readonly type: 'AWS_IAM'; readonly arnPrefix: string };
}

export interface RouteMatch {
  readonly route: Route;
  readonly parameters: Readonly<Record<string, string>>;
}

interface Compiled {
  readonly route: Route;
  readonly method: string;
  readonly pattern: RegExp;
  /** Higher wins: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html */
  readonly rank: number;
}

/** Picks the route of a request: the most specific path, and a method before `ANY`. */
export class RouteTable {
  readonly #compiled: readonly Compiled[];
  readonly routes: readonly Route[];

  constructor(routes: readonly Route[]) {
    this.routes = routes;
    this.#compiled = routes.map(compile).sort((one, other) => other.rank - one.rank);
  }

  /** Undefined where the API has no such route. */
  match(method: string, path: string): RouteMatch | undefined {
    for (const { route, method: wanted, pattern } of this.#compiled) {
      const found = wanted === 'ANY' || wanted === method ? pattern.exec(path) : null;
      if (found) return { route, parameters: decoded({ ...found.groups }) };
    }
    return undefined;
  }
}

/** Functions find path parameters decoded. */
function decoded(groups: RouteMatch['parameters']): RouteMatch['parameters'] {
  return Object.fromEntries(
    Object.entries(groups).map(([name, value]) => [name, decodeOrLeave(value)]),
  );
}

function decodeOrLeave(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function compile(route: Route): Compiled {
  if (route.routeKey === '$default') return { route, method: 'ANY', pattern: /^/, rank: 0 };
  const [method = '', path = ''] = route.routeKey.split(' ');
  if (!/^[A-Z]+$/.test(method) || !path.startsWith('/')) {
    throw new TemplateError(route.logicalId, `the route key ${route.routeKey} cannot be read`);
  }
  const source = path
    .split(/(\{[^}]+\})/)
    .map((part) => {
      const name = /^\{(\w+)(\+?)\}$/.exec(part);
      if (!name) return part.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');
      return `(?<${name[1]}>${name[2] ? '.+' : '[^/]+'})`;
    })
    .join('');
  const kind = path.includes('+}') ? 2 : path.includes('{') ? 4 : 6;
  const rank = kind + (method === 'ANY' ? 0 : 1);
  return { route, method, pattern: new RegExp(`^${source}$`), rank };
}
