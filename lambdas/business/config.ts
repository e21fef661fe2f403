import type { EnvOf } from '#runtime/env.ts';

/** What the business function needs from its stack. */
export const businessVariables = [
  'TENANTS_TABLE',
  'CONVERSATIONS_TABLE',
  'CHAT_QUEUE_URL',
] as const;

export type BusinessEnv = EnvOf<typeof businessVariables>;

/** The routes of the business API, as API Gateway has them; `openapi.ts` describes each. */
export const businessRoutes = [
  { method: 'GET', path: '/chats' },
  { method: 'GET', path: '/chats/{contact}' },
  { method: 'POST', path: '/chats/{contact}/messages' },
  { method: 'POST', path: '/chats/{contact}/take' },
  { method: 'POST', path: '/chats/{contact}/release' },
] as const;

/** As API Gateway names a route to the function. */
export type BusinessRouteKey = RouteKeyOf<(typeof businessRoutes)[number]>;

type RouteKeyOf<Route> = Route extends {
  readonly method: infer Method extends string;
  readonly path: infer Path extends string;
}
  ? `${Method} ${Path}`
  : never;
