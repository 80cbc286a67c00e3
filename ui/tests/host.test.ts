import { render, screen, waitFor } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';

import App from '../src/App.svelte';
import type { Picture } from '../src/bindings/Picture';
import { keeping } from '../src/following.svelte';
import * as stories from '../stories/pictures';
import { StoryHost } from '../stories/storyHost';
import { show } from './show';

describe('keeping what a new picture does not change', () => {
  it('takes the changed part and leaves the others the objects they were', () => {
    const old = stories.idle();
    const now = { ...stories.idle(), call: stories.onCall().call };
    const kept = keeping(old, now);
    expect(kept).toEqual(now);
    expect(kept.call).toBe(now.call);
    expect(kept.statuses).toBe(old.statuses);
    expect(kept.session).toBe(old.session);
  });

  it('forgets a part that is gone', () => {
    const old = stories.onCall();
    const now = { ...stories.onCall(), held: null };
    expect(keeping({ ...old, held: stories.held().held }, now).held).toBeNull();
  });
});

describe('following the host', () => {
  it('keeps a picture that came while the first was fetched', async () => {
    let answer: (picture: Picture) => void = () => undefined;
    const host = new StoryHost(stories.idle());
    host.picture = () => new Promise((resolve) => (answer = resolve));
    render(App, { host });
    await waitFor(() => expect(host.listeners).toBe(1));
    host.show(stories.onCall());
    answer(stories.idle());
    expect(await screen.findByRole('heading', { name: 'On call' })).toBeVisible();
  });

  it('stops when the window goes', async () => {
    const { host, stop } = await show(stories.idle());
    expect(host.listeners).toBe(1);
    stop();
    expect(host.listeners).toBe(0);
  });

  it('says so when there is no host', async () => {
    const host = new StoryHost(stories.idle());
    host.picture = () => Promise.reject(new Error('gone'));
    render(App, { host });
    expect(await screen.findByRole('alert')).toHaveTextContent('lost its connection to Holdline');
  });
});
