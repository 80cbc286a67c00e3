import { screen, waitFor, within } from '@testing-library/svelte';
import { afterEach, describe, expect, it, vi } from 'vitest';

import { clockTime, runningTime } from '../src/time';
import * as stories from '../stories/pictures';
import { show } from './show';

afterEach(() => vi.useRealTimers());

const indicator = () => screen.getByRole('region', { name: 'Call' });

describe('the call indicator', () => {
  it('says On call while the presence says Available, and why', async () => {
    await show(stories.onCall());
    expect(within(indicator()).getByRole('heading')).toHaveTextContent('On call');
    expect(indicator()).toHaveTextContent('Omni-Channel has no On Call status');
    expect(screen.getByRole('region', { name: 'Omni-Channel' })).toHaveTextContent('Available');
  });

  it.each([
    ['idle', 'No call'],
    ['ringing', 'Ringing'],
    ['wrapUp', 'Wrap-up'],
  ] as const)('says in words what %s is', async (name, words) => {
    await show(stories[name]());
    expect(within(indicator()).getByRole('heading')).toHaveTextContent(words);
  });

  it('says since when it does not know', async () => {
    const picture = stories.unknown();
    await show(picture);
    const since = clockTime(picture.call.since);
    expect(within(indicator()).getByRole('heading')).toHaveTextContent(`Unknown since ${since}`);
  });

  it('waits for the first word instead of naming a time', async () => {
    await show(stories.fresh());
    expect(within(indicator()).getByRole('heading')).toHaveTextContent(/^Unknown$/);
    expect(indicator()).toHaveTextContent('Waiting for the first word from Salesforce.');
  });

  it('counts the seconds of the call, from its start', async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true });
    const picture = stories.onCall();
    picture.call.since = new Date(Date.now() - 59_000).toISOString();
    await show(picture);
    const timer = within(indicator()).getByRole('timer');
    expect(timer).toHaveTextContent('00:59');
    await vi.advanceTimersByTimeAsync(3000);
    expect(timer).toHaveTextContent('01:02');
  });

  it('counts down what is left of the wrap-up, and then says that time is up', async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true });
    const picture = stories.wrapUp();
    picture.call.since = new Date(Date.now() - 58_000).toISOString();
    picture.call.wrap_up_ends_at = new Date(Date.now() + 2000).toISOString();
    await show(picture);
    expect(indicator()).toHaveTextContent('00:02 left');
    await vi.advanceTimersByTimeAsync(2100);
    expect(indicator()).toHaveTextContent('Time is up');
  });

  it('has a wrap-up closed when all is done', async () => {
    const picture = stories.wrapUp();
    const { host, user } = await show(picture);
    await user.click(screen.getByRole('button', { name: 'All done' }));
    expect(host.requests).toEqual([{ type: 'close_work', id: picture.call.wrapping_up[0] }]);
  });

  it('has no running time without a call', async () => {
    await show(stories.idle());
    expect(screen.queryByRole('timer')).toBeNull();
  });
});

describe('the running time', () => {
  const since = '2026-01-01T10:00:00.000Z';
  const at = (seconds: number) => Date.parse(since) + seconds * 1000;

  it('is minutes and seconds, with hours when there are any', () => {
    expect(runningTime(since, at(65))).toBe('01:05');
    expect(runningTime(since, at(3600 + 61))).toBe('1:01:01');
  });

  it('is never negative when the clocks differ', () => {
    expect(runningTime(since, at(-5))).toBe('00:00');
  });
});

describe('a screen reader', () => {
  const said = () =>
    screen
      .getAllByRole('status')
      .map((status) => status.textContent?.trim())
      .join('');

  it('hears nothing new about the first picture', async () => {
    await show(stories.onCall());
    expect(said()).toBe('');
  });

  it('hears a phase change', async () => {
    const { host } = await show(stories.idle());
    host.show(stories.ringing());
    await waitFor(() => expect(said()).toBe('Call: Ringing'));
  });

  it('hears of a hold, why, and when it is gone', async () => {
    const { host } = await show(stories.onCall());
    host.show(stories.held());
    await waitFor(() => expect(said()).toMatch(/^Offline is held\. Offline waits until your call ends/));
    host.show(stories.onCall());
    await waitFor(() => expect(said()).toBe('Nothing is held any more.'));
  });

  it('is not told again when only the evidence is newer', async () => {
    const { host } = await show(stories.idle());
    host.show(stories.onCall());
    await waitFor(() => expect(said()).toBe('Call: On call'));
    const later = stories.onCall();
    later.presence.status = 'Break';
    host.show(later);
    await waitFor(() =>
      expect(screen.getByRole('region', { name: 'Omni-Channel' })).toHaveTextContent('Break'),
    );
    expect(said()).toBe('Call: On call');
  });
});
