import type { Failure } from '#domain/failure.ts';

/**
 * What an exception of the cloud's own services (tables, queues) asks for.
 * @returns undefined for whatever is none of theirs: a bug
 */
export type ClassifyFailure = (error: unknown) => Failure | undefined;
