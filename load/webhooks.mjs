import { fillIn } from './customer.ts';

/** By this name burst.yml calls it: artillery takes no TypeScript of an ES module, Node does. */
export const writeAsCustomer = fillIn;
