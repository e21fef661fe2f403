/** How long what is said is kept where a tenant says nothing else. */
export const DEFAULT_RETENTION_DAYS = 90;

/**
 * Meta redelivers for 7 days and signs no time, so ids are remembered, and messages taken, for 30: what is
 * forgotten sooner might be answered again.
 */
export const LEAST_RETENTION_DAYS = 30;

export const MOST_RETENTION_DAYS = 3_650;
