import { startEmbeddedDynamo } from '#test/support/embedded-dynamo.ts';
import { describeDynamoAdapters } from './dynamo-adapters-suite.ts';

describeDynamoAdapters(startEmbeddedDynamo);
