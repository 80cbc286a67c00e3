import { screen, waitFor, within } from '@testing-library/svelte';
import axe from 'axe-core';
import { describe, expect, it } from 'vitest';

import type { Check } from '../src/bindings/Support';
import bindings from '../src/bindings/Support.ts?raw';
import { text } from '../src/texts';
import * as stories from '../stories/pictures';
import { show } from './show';

async function open(picture = stories.idle()) {
  const shown = await show(picture);
  await shown.user.click(screen.getByRole('button', { name: 'Settings and help' }));
  return shown;
}

describe('settings and help', () => {
  it('says what the organisation has set, and whom to tell', async () => {
    await open();
    const settings = screen.getByRole('region', { name: 'Settings' });
    const row = within(settings).getByText('Offline during a call').parentElement;
    expect(row).toHaveTextContent('"block"');
    expect(row).toHaveTextContent('Set by your organisation');
    expect(within(settings).getByText('Shortcut for Offline').parentElement).toHaveTextContent('Set by you');
    // What nobody has set would hide what somebody has.
    expect(within(settings).queryByText('Offline during wrap-up')).toBeNull();
    expect(screen.getByText(/Service desk, extension 4711/)).toBeVisible();
  });

  it('looks at everything when asked to, faults first', async () => {
    const { host, user } = await open();
    expect(host.asked).toEqual(['settings']);
    await user.click(screen.getByRole('button', { name: 'Look' }));
    expect(host.asked).toEqual(['settings', 'doctor']);
    expect(screen.getByText('2 things are not as they should be.')).toBeVisible();
    const found = within(screen.getByRole('region', { name: 'Is everything all right?' }));
    expect(found.getAllByRole('listitem')[0]).toHaveTextContent('Keyring broken');
    expect(found.getAllByRole('listitem')[0]).toHaveTextContent('Unlock it');
  });

  it('shows the diagnostic file before it can be saved', async () => {
    const { host, user } = await open();
    expect(screen.queryByRole('button', { name: 'Save' })).toBeNull();
    await user.click(screen.getByRole('button', { name: 'Show what would be saved' }));
    expect(screen.getByText(/listening on loopback/)).toBeInTheDocument();
    await user.click(screen.getByRole('button', { name: 'Save' }));
    expect(host.asked).toEqual(['settings', 'bundle', 'save_bundle']);
    expect(screen.getByText(/Saved as .*\.zip/)).toBeVisible();
    expect(screen.getByRole('button', { name: 'Save' })).toBeDisabled();
  });

  it('keeps the call and what waits for its end in sight', async () => {
    const { host, user } = await open(stories.held());
    const call = screen.getByRole('region', { name: 'Call' });
    expect(call).toHaveTextContent('On call');
    expect(call).not.toHaveTextContent(text('call-on_call-explain'));
    expect(screen.getAllByRole('heading', { level: 1 })).toHaveLength(1);
    await user.click(screen.getByRole('button', { name: /^Cancel/ }));
    expect(host.requests).toEqual([{ type: 'cancel' }]);

    host.show(stories.unknown());
    await waitFor(() => expect(call).toHaveTextContent('Unknown'));
  });

  it('has no call to show before anybody has signed in', async () => {
    await open(stories.signedOut());
    expect(screen.queryByRole('region', { name: 'Call' })).toBeNull();
  });

  it('goes back to where it was opened', async () => {
    const { user } = await open();
    expect(screen.getByRole('heading', { level: 1 })).toHaveFocus();
    await user.click(screen.getByRole('button', { name: 'Back' }));
    expect(screen.getByRole('button', { name: 'Settings and help' })).toHaveFocus();
    expect(screen.queryByText('Diagnostic file')).toBeNull();
  });

  it('says why there is no answer', async () => {
    const { host, user } = await open();
    host.unanswered = { code: 'no_host', text: 'Nobody is there.' };
    await user.click(screen.getByRole('button', { name: 'Look' }));
    expect(screen.getByRole('alert')).toHaveTextContent('Nobody is there.');
  });

  it('lets nobody choose another org than the organisation’s', async () => {
    const { host, user } = await show(stories.signedOut(), (host) => {
      host.orgIsLocked = true;
    });
    const org = await screen.findByDisplayValue('mycompany.my.salesforce.com');
    expect(org).toHaveAttribute('readonly');
    expect(org).toHaveAccessibleDescription('Set by your organisation');
    expect(screen.queryByRole('button', { name: 'Sandbox' })).toBeNull();
    await user.click(screen.getByRole('button', { name: 'Sign in' }));
    expect(host.requests).toEqual([{ type: 'sign_in', org: 'mycompany.my.salesforce.com' }]);
  });

  it('has no fault that axe-core finds', async () => {
    const { user } = await open(stories.held());
    document.title = 'Holdline';
    document.documentElement.lang = 'en';
    await user.click(screen.getByRole('button', { name: 'Look' }));
    await user.click(screen.getByRole('button', { name: 'Show what would be saved' }));
    const { violations } = await axe.run(document, { rules: { 'color-contrast': { enabled: false } } });
    expect(violations.map(({ id, nodes }) => [id, nodes.map((node) => node.html)])).toEqual([]);
  });

  it('has words for every health and every hand that sets', () => {
    const union = (type: string) => {
      const declaration = new RegExp(`export type ${type} =([^;]*);`).exec(bindings)?.[1] ?? '';
      return [...declaration.matchAll(/"([a-z_]+)"/g)].map((match) => match[1] ?? '');
    };
    const ids = [
      ...union('Health').map((health) => `findings-health-${health}`),
      ...union('SetBy').map((by) => `settings-set_by-${by}`),
      ...union('Check').map((check) => `doctor-${check as Check}`),
    ];
    expect(ids.length).toBeGreaterThan(15);
    expect(ids.filter((id) => text(id) === id)).toEqual([]);
  });
});
