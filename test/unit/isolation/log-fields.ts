/** Every field that a line may have: ids, words of ours and numbers. A new one is thought about first. */
export const LOG_FIELDS: ReadonlySet<string> = new Set([
  ...['correlationId', 'tenantId', 'phoneNumberId', 'chat', 'messageId', 'turnId', 'part'],
  ...['app', 'bubbleId', 'bubbles', 'cost', 'durationMs', 'model', 'waitedMs'],
  ...['inputTokens', 'cachedInputTokens', 'outputTokens'],
  ...['at', 'because', 'cause', 'class', 'code', 'error', 'event', 'field', 'kind', 'outcome'],
  ...['peer', 'reason', 'state', 'status', 'statusCode', 'store'],
  ...['ageMs', 'attempt', 'attempts', 'delayMs', 'echoes', 'envelopes', 'events', 'eventsMissing'],
  ...['forgotten', 'items', 'messages', 'messagesMissing', 'resends', 'rings', 'rung', 'sends'],
  ...['notice', 'route', 'unfinished'],
]);
