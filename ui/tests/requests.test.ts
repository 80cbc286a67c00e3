import { screen, within } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';

import * as stories from '../stories/pictures';
import { show } from './show';

describe('the hold', () => {
  it('says what waits and why, and can be cancelled', async () => {
    const { host, user } = await show(stories.held());
    const banner = screen.getByRole('region', { name: 'Offline is held' });
    expect(banner).toHaveTextContent('Offline waits until your call ends');
    await user.click(within(banner).getByRole('button', { name: 'Cancel the held Offline' }));
    expect(host.requests).toEqual([{ type: 'cancel' }]);
  });

  it('goes when nothing is held any more', async () => {
    const { host } = await show(stories.held());
    host.show(stories.onCall());
    await expect.poll(() => screen.queryByRole('region', { name: 'Offline is held' })).toBeNull();
  });
});

describe('a hold that lasts very long', () => {
  it('asks whether it is to go on, and says what Holdline has set meanwhile', async () => {
    const { host, user } = await show(stories.heldLong());
    expect(screen.getByRole('region', { name: 'Offline is held' })).toHaveTextContent(
      'Meanwhile you are in Break',
    );
    await user.click(screen.getByRole('button', { name: 'Keep it waiting' }));
    expect(host.requests).toEqual([{ type: 'dismiss_problem', code: 'hold_lasts' }]);
  });
});

describe('paused sync', () => {
  it('can be let go on', async () => {
    const { host, user } = await show(stories.syncPaused());
    await user.click(screen.getByRole('button', { name: 'Let sync go on' }));
    expect(host.requests).toEqual([{ type: 'resume_sync' }]);
  });
});

describe('an org that has Holdline only observe', () => {
  it('says so, whose phone it is, and that the indicator cannot show calls', async () => {
    await show(stories.observing());
    expect(screen.getByRole('region', { name: 'Holdline only observes' })).toHaveTextContent(
      'changes nothing',
    );
    expect(screen.getByRole('region', { name: 'Call' })).toHaveTextContent('Calls not shown');
    expect(screen.getByRole('region', { name: 'Practice phone' })).toHaveTextContent('its own adapter');
  });
});

describe('presence and phone', () => {
  it('stand side by side, with the next state of the phone', async () => {
    await show(stories.held());
    expect(screen.getByRole('region', { name: 'Omni-Channel' })).toHaveTextContent('Available');
    const phone = screen.getByRole('region', { name: 'Practice phone' });
    expect(phone).toHaveTextContent('then Offline');
    expect(phone).toHaveTextContent('Contact connected');
  });

  it('say so when there is no phone', async () => {
    await show(stories.fresh());
    expect(screen.getByRole('region', { name: 'Phone' })).toHaveTextContent('No phone has joined Holdline.');
  });

  it('name the request that waits for Salesforce', async () => {
    await show(stories.pending());
    expect(screen.getByRole('region', { name: 'Omni-Channel' })).toHaveTextContent('Setting Offline');
  });
});

describe('a pairing', () => {
  it('shows the code and takes the word of the rep', async () => {
    const { host, user } = await show(stories.pairing());
    const [browser, phone] = screen.getAllByRole('alert');
    if (!browser || !phone) throw new Error('two pairings are expected');
    expect(browser).toHaveTextContent('482 913');
    await user.click(within(browser).getByRole('button', { name: 'The codes match' }));
    await user.click(within(phone).getByRole('button', { name: "They don't match" }));
    expect(host.requests).toEqual([
      { type: 'confirm_pairing', id: 'p1' },
      { type: 'refuse_pairing', id: 'p2' },
    ]);
  });
});

describe('problems', () => {
  it('have a text, a remedy, and the action that fits', async () => {
    const { host, user } = await show(stories.troubled());
    const problems = screen.getByRole('region', { name: 'Needs attention' });
    expect(problems).toHaveTextContent('You were logged out of Omni-Channel during a call.');
    expect(problems).toHaveTextContent('Finish the call.');
    await user.click(within(problems).getByRole('button', { name: 'Go back online' }));
    await user.click(within(problems).getByRole('button', { name: 'Sign in' }));
    await user.click(within(problems).getByRole('button', { name: 'Got it: put this message away' }));
    expect(host.requests).toEqual([
      { type: 'return' },
      { type: 'sign_in', org: null },
      { type: 'dismiss_problem', code: 'another_call' },
    ]);
  });
});

describe('a request that fails at once', () => {
  it('says what the host said, until the next one is taken', async () => {
    const { host, user } = await show(stories.idle());
    host.refusal = { code: 'blocked', text: 'Offline was refused because of the policy.' };
    await user.click(screen.getByRole('radio', { name: 'Offline' }));
    expect(await screen.findByRole('alert')).toHaveTextContent('Offline was refused because of the policy.');
    host.refusal = null;
    await user.click(screen.getByRole('radio', { name: 'Available' }));
    expect(screen.queryByRole('alert')).toBeNull();
  });
});

describe('signing out', () => {
  it('is asked for, and names rep and org', async () => {
    const { host, user } = await show(stories.idle());
    const footer = screen.getByRole('contentinfo');
    expect(footer).toHaveTextContent('Pat Rivera');
    expect(footer).toHaveTextContent('mycompany.my.salesforce.com');
    await user.click(within(footer).getByRole('button', { name: 'Sign out' }));
    expect(host.requests).toEqual([{ type: 'sign_out' }]);
  });
});
