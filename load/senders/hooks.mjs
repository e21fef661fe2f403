import * as sender from './sender.ts';

/** By these names a script calls them: artillery takes no TypeScript of an ES module, Node does. */
export const { fillIn, writeDown } = sender;
