import type { EventsFunction } from '../functions/events-function.ts';
import type { IngestFunction } from '../functions/ingest-function.ts';
import type { JobsFunction } from '../functions/jobs-function.ts';
import type { ProcessorFunction } from '../functions/processor-function.ts';

/** The functions whose own metrics the views are made of. */
export interface StationFunctions {
  readonly ingest: IngestFunction;
  readonly processor: ProcessorFunction;
  readonly events: EventsFunction;
  readonly jobs: JobsFunction;
}
