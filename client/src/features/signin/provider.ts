import { Fault, type FactorKind } from '../../session/fault';

/** What the way back from the hospital's own sign-in service left in the address, after #. */
export interface Returned {
  /** It did not let them in, or could not be reached. */
  said: 'refused' | 'away' | null;
  /** A second factor is wanted here. */
  second: Fault | null;
}

/** Reads it once and takes it away: a ticket must not stay in the browser's history. */
export function takeReturned(): Returned {
  const given = new URLSearchParams(window.location.hash.slice(1));
  const ticket = given.get('ticket');
  const said = given.get('provider');
  if (ticket || said) window.history.replaceState(window.history.state, '', window.location.pathname);
  const factors = (given.get('factors') ?? '').split(',').filter(isFactor);
  return {
    said: said === 'refused' || said === 'away' ? said : null,
    second: ticket ? new Fault('MFA_REQUIRED', { ticket, factors }) : null,
  };
}

function isFactor(name: string): name is FactorKind {
  return name === 'TOTP' || name === 'PASSKEY';
}
