const MINUTE_MS = 60_000;

/** Life of an access token; what ends a session takes effect at once all the same, since each request asks for it. */
export const ACCESS_TOKEN_MS = 15 * MINUTE_MS;

/** A session unused for this long has ended. */
export const IDLE_MS = 30 * MINUTE_MS;

/** A session ends after a shift, however busy. */
export const SESSION_MS = 12 * 60 * MINUTE_MS;

/** How exactly "last used" is kept: one write a minute and session, not one a request. */
export const TOUCH_MS = MINUTE_MS;

/** Life of a one-time link. */
export const INVITE_MS = 24 * 60 * MINUTE_MS;
