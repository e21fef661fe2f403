/** The access key id that may do everything and meets no faults: whoever runs the local cloud. */
export const LOCAL_OPERATOR = 'LOCALOPERATOR';

/** The secret of the operator's key and of every function's: only signatures of the HTTP API need one. */
export const LOCAL_SECRET = 'local';
