/**
 * Whether the panel lives, as a pure value: what it and the rep did goes in, what is to be done comes out. All
 * times are milliseconds of one clock.
 */

import type { Trouble } from './bindings/Frames';

export type Stage = 'loading' | 'live' | 'silent' | 'signed_out' | 'not_approved';

export interface Life {
  stage: Stage;
  /** When the stage began. */
  since: number;
  /** When the library last missed an acknowledgement, the first in a row. */
  missed: number | null;
  /** Whether the rep has been at the sign-in since the panel last lived. */
  triedSignIn: boolean;
  /** Whether the sign-in's window is open, and since when. */
  signingIn: number | null;
  /** When the panel was last loaded again. */
  refreshed: number;
  /** The last look at the clock. */
  looked: number;
}

export type Happening =
  /** The panel has told of the agent. */
  | 'told'
  /** The library misses an acknowledgement. */
  | 'ack_timeout'
  | 'acknowledged'
  /** The session has ended, or may not be used. */
  | 'session_ended'
  | 'sign_in_opened'
  | 'sign_in_closed'
  /** A second has gone by. */
  | 'tick';

export type Deed =
  /** Tell Holdline. */
  | { do: 'tell'; trouble: Trouble }
  /** Load the panel's frame again. */
  | { do: 'refresh' }
  /** Load the whole page again. */
  | { do: 'reload' }
  /** Close the sign-in's window. */
  | { do: 'close_sign_in' };

export interface Circumstances {
  /** The page carries a call's audio: it must not be loaded again. */
  carriesCall: boolean;
}

/** A panel that needs longer than this may well be signed out. */
export const OFFERS_SIGN_IN_MS = 4_000;
/** The panel has this long to load, then the library tries again. */
export const LOAD_MS = 20_000;
/** After a sign-in it takes no longer than this. */
export const AFTER_SIGN_IN_MS = 10_000;
/** Between looks whether the rep is signed in now. */
export const REFRESH_MS = 5_000;
/** Between looks whether a panel that is not ours to sign in to has come back. */
export const RETRY_MS = 60_000;
/** A panel that acknowledges nothing for this long is dead. */
export const SILENCE_MS = 12_000;
/** A clock that jumps by more than this has slept. */
export const SLEEP_MS = 30_000;

export function begin(now: number, triedSignIn: boolean): Life {
  return {
    stage: 'loading',
    since: now,
    missed: null,
    triedSignIn,
    signingIn: null,
    refreshed: now,
    looked: now,
  };
}

/** Whether the rep is to be offered the sign-in. */
export function offersSignIn(life: Life): boolean {
  if (life.stage === 'loading') return life.looked - life.since >= OFFERS_SIGN_IN_MS;
  return life.stage === 'signed_out' || life.stage === 'not_approved';
}

/** What comes of a happening: the life after it, and what is to be done. */
export function after(
  life: Life,
  now: number,
  happening: Happening,
  { carriesCall }: Circumstances,
): [Life, Deed[]] {
  const next = { ...life };
  const deeds: Deed[] = [];
  const turn = (stage: Stage) => {
    if (next.stage !== stage) [next.stage, next.since] = [stage, now];
  };
  const trouble = (stage: Stage, code: Trouble) => {
    if (next.stage !== stage) deeds.push({ do: 'tell', trouble: code });
    turn(stage);
  };
  const slept = happening === 'tick' && now - life.looked > SLEEP_MS;
  if (happening === 'tick') next.looked = now;

  switch (happening) {
    case 'told':
      turn('live');
      next.missed = null;
      next.triedSignIn = false;
      if (next.signingIn !== null) deeds.push({ do: 'close_sign_in' });
      next.signingIn = null;
      break;
    case 'acknowledged':
      next.missed = null;
      if (next.stage === 'silent') turn('live');
      break;
    case 'ack_timeout':
      // While it loads, the clock decides: the library's patience is for loading, not for signing in.
      if (next.stage === 'live') next.missed ??= now;
      break;
    case 'session_ended':
      trouble('signed_out', 'sign_in');
      break;
    case 'sign_in_opened':
      next.signingIn = now;
      break;
    case 'sign_in_closed':
      if (next.signingIn === null) break;
      next.signingIn = null;
      next.triedSignIn = true;
      next.refreshed = now;
      next.since = now;
      next.stage = 'loading';
      deeds.push({ do: 'refresh' });
      break;
    case 'tick':
      if (slept && !carriesCall) {
        // Whatever was told before the sleep is old, and the panel's own line has gone stale (telephony.md).
        deeds.push({ do: 'reload' });
        break;
      }
      tick(next, now, carriesCall, trouble, deeds);
  }
  return [next, deeds];
}

function tick(
  next: Life,
  now: number,
  carriesCall: boolean,
  trouble: (stage: Stage, code: Trouble) => void,
  deeds: Deed[],
) {
  const refresh = (every: number) => {
    if (now - next.refreshed < every) return;
    next.refreshed = now;
    deeds.push({ do: 'refresh' });
  };
  switch (next.stage) {
    case 'live':
      if (next.missed !== null && now - next.missed >= SILENCE_MS) trouble('silent', 'silent');
      break;
    case 'silent':
      if (!carriesCall) deeds.push({ do: 'reload' });
      break;
    case 'loading':
      if (next.signingIn !== null) refresh(REFRESH_MS);
      else if (next.triedSignIn && now - next.since >= AFTER_SIGN_IN_MS)
        trouble('not_approved', 'not_approved');
      else if (now - next.since >= LOAD_MS) trouble('signed_out', 'sign_in');
      break;
    case 'signed_out':
    case 'not_approved':
      refresh(next.signingIn === null ? RETRY_MS : REFRESH_MS);
  }
  if (next.signingIn !== null && now - next.signingIn >= RETRY_MS) {
    // A sign-in that takes this long has long succeeded, or is stuck: the rep is told what else it may be.
    next.triedSignIn = true;
    trouble('not_approved', 'not_approved');
  }
}
