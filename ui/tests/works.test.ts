import { screen, within } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';

import * as stories from '../stories/pictures';
import { show } from './show';

const works = () => within(screen.getByRole('region', { name: 'Your work' }));
const MESSAGE = '0Bz000000000001AAA';
const CALL = '0Bz000000000002AAA';

describe("the rep's works", () => {
  it('are not there where there are none', async () => {
    await show(stories.idle());
    expect(screen.queryByRole('region', { name: 'Your work' })).toBeNull();
  });

  it('offer only what may be done', async () => {
    await show(stories.withWorks());
    const [message, call] = works().getAllByRole('listitem');
    const names = (item: HTMLElement | undefined) =>
      within(item ?? document.body)
        .getAllByRole('button')
        .map((button) => button.textContent?.trim());
    expect(names(message)).toEqual(['Lower the flag', 'Close']);
    expect(names(call)).toEqual(['Accept', 'Decline']);
  });

  it('are accepted at a click', async () => {
    const { host, user } = await show(stories.withWorks());
    await user.click(works().getByRole('button', { name: 'Accept' }));
    expect(host.requests).toContainEqual({ type: 'work', id: CALL, action: { type: 'accept' } });
  });

  it('are declined with one of the reasons, where there are reasons', async () => {
    const { host, user } = await show(stories.withWorks());
    await user.click(works().getByRole('button', { name: 'Decline' }));
    expect(host.requests).toEqual([]);
    await user.click(works().getByRole('button', { name: 'Wrong skill' }));
    expect(host.requests).toEqual([
      { type: 'work', id: CALL, action: { type: 'decline', reason: 'Wrong skill' } },
    ]);
  });

  it('are declined at once where no reason is asked for', async () => {
    const { host, user } = await show({ ...stories.withWorks(), decline_reasons: [] });
    await user.click(works().getByRole('button', { name: 'Decline' }));
    expect(host.requests).toEqual([{ type: 'work', id: CALL, action: { type: 'decline', reason: null } }]);
  });

  it('have a flag, raised with words and lowered without', async () => {
    const picture = stories.withWorks();
    const { host, user } = await show(picture);
    await user.click(works().getByRole('button', { name: 'Lower the flag' }));
    expect(host.requests).toEqual([{ type: 'work', id: MESSAGE, action: { type: 'lower_flag' } }]);
  });

  it('ask what the help is for', async () => {
    const picture = stories.withWorks();
    picture.works = picture.works.map((work) => ({ ...work, flagged: false }));
    const { host, user } = await show(picture);
    await user.click(works().getByRole('button', { name: 'Ask for help' }));
    await user.type(works().getByLabelText('What do you need help with?'), 'a refund');
    await user.click(works().getByRole('button', { name: 'Raise the flag' }));
    expect(host.requests).toEqual([
      { type: 'work', id: MESSAGE, action: { type: 'raise_flag', message: 'a refund' } },
    ]);
  });
});
