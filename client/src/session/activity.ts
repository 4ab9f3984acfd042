/** On what the page asks by itself: the server answers it without counting it as use of the session. */
export const byItself = { 'x-chartseal-background': '1' };

let last = Date.now();

/** When somebody last did something, in this tab or another, in milliseconds by the workstation's clock. */
export const lastActivity = () => last;

export function noteActivity(at = Date.now()): void {
  last = Math.max(last, at);
}
