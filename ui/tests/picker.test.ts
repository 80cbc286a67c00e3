import { screen, within } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';

import { choices } from '../src/choices';
import * as stories from '../stories/pictures';
import { show } from './show';

const radio = (name: string) => screen.getByRole('radio', { name });

describe('the status picker', () => {
  it('has the statuses in the order of the org, then Offline', async () => {
    await show(stories.idle());
    const group = screen.getByRole('radiogroup');
    const labels = within(group)
      .getAllByRole('radio')
      .map((choice) => choice.getAttribute('aria-label'));
    expect(labels).toEqual(['Available', 'Break', 'Lunch', 'Offline']);
    expect(radio('Available')).toBeChecked();
    expect(radio('Offline')).not.toBeChecked();
  });

  it('asks for the status that is clicked', async () => {
    const { host, user } = await show(stories.idle());
    await user.click(radio('Break'));
    await user.click(radio('Offline'));
    expect(host.requests).toEqual([
      { type: 'request_status', id: stories.idle().statuses[1]?.id },
      { type: 'request_offline' },
    ]);
  });

  it('is one stop for Tab; arrows move without asking for anything, Space asks', async () => {
    const { host, user } = await show(stories.idle());
    radio('Available').focus();
    await user.keyboard('{ArrowDown}');
    expect(radio('Break')).toHaveFocus();
    await user.keyboard('{End}');
    expect(radio('Offline')).toHaveFocus();
    await user.keyboard('{ArrowRight}');
    expect(radio('Available')).toHaveFocus();
    await user.keyboard('{ArrowUp}');
    expect(radio('Offline')).toHaveFocus();
    expect(host.requests).toEqual([]);

    await user.tab();
    expect(screen.getByRole('button', { name: 'Sign out' })).toHaveFocus();
    await user.tab({ shift: true });
    expect(radio('Offline')).toHaveFocus();

    await user.keyboard(' ');
    expect(host.requests).toEqual([{ type: 'request_offline' }]);
  });

  it('marks what is held and what is being set', async () => {
    const { host } = await show(stories.held());
    expect(radio('Offline')).toHaveAccessibleDescription('held');
    expect(radio('Available')).toBeChecked();
    host.show(stories.pending());
    await expect.poll(() => radio('Offline').textContent).toContain('being set');
  });
});

describe('a status that is named Offline', () => {
  const named = (picture: ReturnType<typeof stories.idle>) => {
    picture.statuses = picture.statuses.map((status, i) =>
      i === 1 ? { ...status, label: 'Offline' } : status,
    );
    return picture;
  };

  it('is asked for as a status, beside logging out', () => {
    const requests = choices(named(stories.idle())).map((choice) => choice.request.type);
    expect(requests).toEqual(['request_status', 'request_status', 'request_status', 'request_offline']);
  });

  it('does not get the mark of a held logout', () => {
    const marks = choices(named(stories.held())).map((choice) => choice.mark);
    expect(marks).toEqual([null, null, null, 'held']);
  });

  it('is the current one only by its id', () => {
    const picture = named(stories.offline());
    expect(choices(picture).map((choice) => choice.current)).toEqual([false, false, false, true]);
  });
});
