/** The server's rule; checked here only to save a round trip. */
export const minimumPasswordLength = 8;
