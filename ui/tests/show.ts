import { render, screen } from '@testing-library/svelte';
import userEvent, { type UserEvent } from '@testing-library/user-event';

import App from '../src/App.svelte';
import type { Picture } from '../src/bindings/Picture';
import { StoryHost } from '../stories/storyHost';

/** The window on a picture, once it is painted. */
export async function show(
  picture: Picture,
  prepare: (host: StoryHost) => void = () => undefined,
): Promise<{ host: StoryHost; user: UserEvent; stop: () => void }> {
  const host = new StoryHost(picture);
  prepare(host);
  const { unmount } = render(App, { host });
  await screen.findByRole('heading', { level: 1 });
  return { host, user: userEvent.setup(), stop: unmount };
}
