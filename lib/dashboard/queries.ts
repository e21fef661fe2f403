/** A query of Logs Insights; each line is a command. What is in `<…>` is filled in by who asks. */
export interface SavedQuery {
  /** In PascalCase, and stable. */
  readonly id: string;
  readonly name: string;
  readonly lines: readonly string[];
}

const STORY = [
  'fields @timestamp, service, level, message, outcome, kind, status, cause, class, code',
  'fields turnId, part, attempt, delayMs, durationMs, waitedMs, cost',
];

/**
 * In each, `message` is the event and the others are its fields: docs/logging.md. `cost` is in millionths
 * of a dollar.
 */
export const savedQueries: readonly SavedQuery[] = [
  {
    id: 'OneChat',
    name: 'one chat by correlation id',
    lines: [...STORY, 'filter correlationId = "<correlation id>"', 'sort @timestamp asc'],
  },
  {
    id: 'OneChatByHash',
    name: 'one chat by its hash',
    lines: [...STORY, 'filter chat = "<hash of the chat>"', 'sort @timestamp asc'],
  },
  {
    id: 'OneMessage',
    name: 'one message by its hash',
    lines: [
      ...STORY,
      'filter messageId = "<hash of the wamid>" or bubbleId = "<hash of the wamid>"',
      'sort @timestamp asc',
    ],
  },
  {
    id: 'TopErrors',
    name: 'top errors',
    lines: [
      'filter level in ["ERROR", "WARN"]',
      'stats count(*) as times, earliest(@timestamp) as first, latest(@timestamp) as last by level, service, message, class, code, error.name',
      'sort level asc, times desc',
      'limit 50',
    ],
  },
  {
    id: 'SlowestTurns',
    name: 'slowest turns',
    lines: [
      'filter message = "turn_closed" and ispresent(waitedMs)',
      'fields @timestamp, waitedMs, kind, outcome, messages, bubbles, tenantId, chat, turnId, correlationId',
      'sort waitedMs desc',
      'limit 50',
    ],
  },
  {
    id: 'SlowestModelCalls',
    name: 'model calls by model',
    lines: [
      'filter message = "model_called"',
      'stats count(*) as calls, pct(durationMs, 50) as p50, pct(durationMs, 95) as p95, pct(durationMs, 99) as p99, sum(cost)/1000000 as dollars by service, model, kind',
      'sort calls desc',
    ],
  },
  {
    id: 'OneTenant',
    name: "one tenant's day",
    lines: [
      'filter tenantId = "<tenant>"',
      'fields strcontains(message, "turn_closed") as closed, strcontains(event, "requested") as handed, strcontains(message, "messages_parked") as parking',
      'stats sum(closed) as turns, pct(waitedMs, 50) as waitedP50, pct(waitedMs, 95) as waitedP95, sum(inputTokens) as tokensIn, sum(cachedInputTokens) as tokensCached, sum(outputTokens) as tokensOut, sum(cost)/1000000 as dollars, sum(handed) as handOvers, sum(parking) as parkings by bin(1h)',
    ],
  },
  {
    id: 'AllTenants',
    name: 'all tenants',
    lines: [
      'filter ispresent(tenantId)',
      'fields strcontains(message, "turn_closed") as closed, strcontains(event, "requested") as handed, strcontains(message, "messages_parked") as parking',
      'stats sum(closed) as turns, count_distinct(chat) as chats, sum(inputTokens) as tokensIn, sum(outputTokens) as tokensOut, sum(cost)/1000000 as dollars, sum(handed) as handOvers, sum(parking) as parkings by tenantId',
      'sort dollars desc',
      'limit 100',
    ],
  },
];
