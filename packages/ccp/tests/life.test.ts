import { describe, expect, it } from 'vitest';

import {
  AFTER_SIGN_IN_MS,
  LOAD_MS,
  RETRY_MS,
  SILENCE_MS,
  SLEEP_MS,
  after,
  begin,
  offersSignIn,
  type Deed,
  type Happening,
  type Life,
} from '../src/life';

/** Plays happenings at their times, with a tick each second between; everything that was done. */
function play(script: [number, Happening][], until: number, { carriesCall = false, tried = false } = {}) {
  let life: Life = begin(0, tried);
  const deeds: [number, Deed][] = [];
  const happen = (now: number, what: Happening) => {
    const [next, done] = after(life, now, what, { carriesCall });
    life = next;
    deeds.push(...done.map((deed): [number, Deed] => [now, deed]));
  };
  const all: [number, Happening][] = [...script];
  for (let now = 1_000; now <= until; now += 1_000) all.push([now, 'tick']);
  all.sort(([a], [b]) => a - b);
  all.forEach(([now, what]) => happen(now, what));
  return { life, deeds };
}

const told = (deeds: [number, Deed][]) =>
  deeds.flatMap(([now, deed]) => (deed.do === 'tell' ? [[now, deed.trouble]] : []));

describe('loading', () => {
  it('CCP slow to load: nothing is said of a sign-in, and nothing is loaded again', () => {
    const { life, deeds } = play([[15_000, 'told']], 20_000);
    expect(life.stage).toBe('live');
    expect(deeds).toEqual([]);
  });

  it('offers the sign-in soon, and says that it is needed when the panel stays away', () => {
    expect(offersSignIn(play([], 3_000).life)).toBe(false);
    expect(offersSignIn(play([], 5_000).life)).toBe(true);
    const { life, deeds } = play([], LOAD_MS + 1_000);
    expect(life.stage).toBe('signed_out');
    expect(told(deeds)).toEqual([[LOAD_MS, 'sign_in']]);
  });

  it('looks for the panel while the rep signs in, and closes the sign-in when it tells', () => {
    const { life, deeds } = play(
      [
        [6_000, 'sign_in_opened'],
        [12_500, 'told'],
      ],
      14_000,
    );
    expect(deeds).toEqual([
      [6_000, { do: 'refresh' }],
      [11_000, { do: 'refresh' }],
      [12_500, { do: 'close_sign_in' }],
    ]);
    expect(life.stage).toBe('live');
  });
});

describe('not on the approved list', () => {
  it('is suspected when a finished sign-in changes nothing', () => {
    const { life, deeds } = play(
      [
        [6_000, 'sign_in_opened'],
        [9_500, 'sign_in_closed'],
      ],
      30_000,
    );
    expect(life.stage).toBe('not_approved');
    expect(told(deeds)).toEqual([[9_000 + AFTER_SIGN_IN_MS + 1_000, 'not_approved']]);
  });

  it('is suspected when the sign-in stays open for long', () => {
    const { deeds } = play([[6_000, 'sign_in_opened']], 6_000 + RETRY_MS);
    expect(told(deeds)).toEqual([[6_000 + RETRY_MS, 'not_approved']]);
  });

  it('is looked for again, and over once the panel tells', () => {
    const { life, deeds } = play([[95_000, 'told']], 96_000, { tried: true });
    expect(told(deeds)).toEqual([[AFTER_SIGN_IN_MS, 'not_approved']]);
    expect(deeds.filter(([, deed]) => deed.do === 'refresh')).toHaveLength(1);
    expect([life.stage, life.triedSignIn]).toEqual(['live', false]);
  });
});

describe('a panel that has lived', () => {
  it('session expired: says so at once', () => {
    const { life, deeds } = play(
      [
        [1_500, 'told'],
        [5_500, 'session_ended'],
      ],
      7_000,
    );
    expect(told(deeds)).toEqual([[5_500, 'sign_in']]);
    expect(life.stage).toBe('signed_out');
  });

  it('acknowledge time-out: one that comes back is not disturbed', () => {
    const { life, deeds } = play(
      [
        [500, 'told'],
        [5_500, 'ack_timeout'],
        [9_500, 'acknowledged'],
      ],
      40_000,
    );
    expect([life.stage, deeds]).toEqual(['live', []]);
  });

  it('acknowledge time-out: one that stays silent is loaded again', () => {
    const { deeds } = play(
      [
        [500, 'told'],
        [5_000, 'ack_timeout'],
        [9_000, 'ack_timeout'],
      ],
      5_000 + SILENCE_MS + 1_000,
    );
    expect(deeds).toEqual([
      [5_000 + SILENCE_MS, { do: 'tell', trouble: 'silent' }],
      [5_000 + SILENCE_MS + 1_000, { do: 'reload' }],
    ]);
  });

  it('carries a call: is never loaded again, silent or not', () => {
    const { life, deeds } = play(
      [
        [500, 'told'],
        [5_000, 'ack_timeout'],
      ],
      120_000,
      { carriesCall: true },
    );
    expect(deeds.filter(([, deed]) => deed.do === 'reload')).toEqual([]);
    expect(life.stage).toBe('silent');
  });
});

describe('sleep and wake', () => {
  const slept = (carriesCall: boolean) => {
    let [life] = after(begin(0, false), 500, 'told', { carriesCall });
    [life] = after(life, 1_000, 'tick', { carriesCall });
    return after(life, 1_000 + SLEEP_MS + 1, 'tick', { carriesCall })[1];
  };

  it('loads everything again, because what was told is old', () => {
    expect(slept(false)).toEqual([{ do: 'reload' }]);
  });

  it('does not while it may carry a call', () => {
    expect(slept(true)).toEqual([]);
  });
});
