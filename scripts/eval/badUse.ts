/** Wrong use of the harness, or tasks that are not as they should be, in words that say what to do. */
export class BadUse extends Error {}
