import type { AwsService } from './aws-service.ts';
import type { JsonApi } from './json-api.ts';

/** Whoever wants to know what passes the front door, to count it: `npm run cost:measure`. */
export interface FrontDoorWatch {
  /** @returns what takes the place of the service's API, and hands on what it is asked */
  over(service: Pick<AwsService, 'peer' | 'targetPrefix' | 'api'>): JsonApi;
  /** A request for an object, such as a `PUT`, of an execution environment. */
  s3(method: string, environmentId: string | undefined): void;
}
