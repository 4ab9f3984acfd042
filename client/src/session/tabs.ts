import type { EndReason } from './session';

/** What tabs of one browser tell each other. Never anything about a patient. */
export type TabMessage =
  { kind: 'signedIn' } | { kind: 'signedOut'; reason: EndReason } | { kind: 'active'; at: number };

const channel = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel('chartseal');

export function tell(message: TabMessage): void {
  channel?.postMessage(message);
}

export function listen(hear: (message: TabMessage) => void): () => void {
  const onMessage = (event: MessageEvent<TabMessage>) => hear(event.data);
  channel?.addEventListener('message', onMessage);
  return () => channel?.removeEventListener('message', onMessage);
}
