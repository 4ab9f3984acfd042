/** GraphiQL has no sign-in of its own. */
export function SignInFirst() {
  return (
    <main className="sign-in-first">
      <h1>GraphiQL</h1>
      <p>
        You are not signed in. <a href="/">Sign in to Chartseal</a>, then come back here: GraphiQL works as you, with
        your role, and every query is an entry in the audit log.
      </p>
    </main>
  );
}
