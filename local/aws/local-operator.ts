/** The access key id that may do everything and meets no faults: whoever runs the local cloud. */
export const LOCAL_OPERATOR = 'LOCALOPERATOR';
