/** Rolls a transaction back whose order was settled by somebody else in the meantime. */
export class SettledElsewhere extends Error {}
