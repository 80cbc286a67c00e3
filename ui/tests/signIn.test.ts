import { screen } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';

import * as stories from '../stories/pictures';
import { show } from './show';

const field = () => screen.getByLabelText('Org address');
const signIn = () => screen.getByRole('button', { name: 'Sign in' });

describe('signing in', () => {
  it('asks for the configured org when nothing is typed', async () => {
    const { host, user } = await show(stories.signedOut());
    await user.click(signIn());
    expect(host.requests).toEqual([{ type: 'sign_in', org: null }]);
  });

  it('goes to the address that is typed, by Enter too, and remembers it', async () => {
    const { host, user, stop } = await show(stories.signedOut());
    await user.type(field(), ' mycompany.my.salesforce.com {Enter}');
    expect(host.requests).toEqual([{ type: 'sign_in', org: 'mycompany.my.salesforce.com' }]);
    stop();
    await show(stories.signedOut());
    expect(field()).toHaveValue('mycompany.my.salesforce.com');
  });

  it('helps with production and sandbox', async () => {
    const { host, user } = await show(stories.signedOut());
    await user.click(screen.getByRole('button', { name: 'Sandbox' }));
    expect(field()).toHaveValue('https://test.salesforce.com');
    await user.click(screen.getByRole('button', { name: 'Production' }));
    await user.click(signIn());
    expect(host.requests).toEqual([{ type: 'sign_in', org: 'https://login.salesforce.com' }]);
  });

  it('says what is wrong with an address, and does not remember it', async () => {
    const { host, user, stop } = await show(stories.signedOut());
    host.refusal = { code: 'bad_org_url', text: '“my company” is not an address.' };
    await user.type(field(), 'my company');
    await user.click(signIn());
    expect(await screen.findByRole('alert')).toHaveTextContent('“my company” is not an address.');
    expect(field()).toHaveFocus();
    stop();
    await show(stories.signedOut());
    expect(field()).toHaveValue('');
  });

  it('waits for the browser and can be given up', async () => {
    const { host, user } = await show(stories.signingIn());
    expect(screen.queryByLabelText('Org address')).toBeNull();
    expect(screen.getByText('Waiting for your browser…')).toBeVisible();
    await user.click(screen.getByRole('button', { name: 'Cancel' }));
    expect(host.requests).toEqual([{ type: 'cancel_sign_in' }]);
  });

  it('shows why the last one failed', async () => {
    await show(stories.signInFailed());
    expect(screen.getByRole('region', { name: 'Needs attention' })).toHaveTextContent(
      'The sign-in did not work',
    );
  });
});
