/**
 * What an entry makes several of, such as balance transactions and events, is numbered by the entry: its number times this,
 * and the part's own index.
 */
export const partsOfEntry = 8;
