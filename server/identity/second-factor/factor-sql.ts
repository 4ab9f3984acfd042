/** SQL, true when the account whose id is `user` has a second factor in force. */
export function hasFactorSql(user: string): string {
  return `(EXISTS (SELECT FROM totp_secret f WHERE f.user_id = ${user} AND f.confirmed_at IS NOT NULL)
    OR EXISTS (SELECT FROM passkey p WHERE p.user_id = ${user}))`;
}
