import { screen } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';

import * as stories from '../stories/pictures';
import { show } from './show';

describe('several orgs', () => {
  it('lets a signed-out rep go on where they are signed in', async () => {
    const { orgs } = stories.twoOrgs().session;
    const kept = orgs.map((org) => ({ ...org, active: false }));
    const picture = stories.signedOut();
    const { host, user } = await show({ ...picture, session: { ...picture.session, orgs: kept } });
    await user.click(screen.getByRole('button', { name: 'Pat Rivera at mycompany.my.salesforce.com' }));
    expect(host.requests).toEqual([{ type: 'use_org', id: '00D000000000001EAA:005000000000001AAA' }]);
  });

  it('switches from the footer, and not to the one in use', async () => {
    const { host, user } = await show(stories.twoOrgs());
    await user.click(screen.getByText('Change org'));
    expect(screen.getByRole('button', { name: /, in use$/ })).toBeDisabled();
    await user.click(screen.getByRole('button', { name: /uat\.sandbox/ }));
    expect(host.requests).toEqual([{ type: 'use_org', id: '00D000000000002EAA:005000000000002AAA' }]);
  });

  it('offers no change where there is one org only', async () => {
    await show(stories.idle());
    expect(screen.queryByText('Change org')).toBeNull();
  });
});
