import axe from 'axe-core';
import { describe, expect, it } from 'vitest';

import { pictures } from '../stories/pictures';
import { show } from './show';

describe('axe-core finds nothing', () => {
  // Colours and layout need a real browser: the journeys run axe in the real window.
  const options = { rules: { 'color-contrast': { enabled: false } } };

  it.each(Object.entries(pictures))('in %s', async (_, picture) => {
    document.title = 'Holdline';
    document.documentElement.lang = 'en';
    await show(picture());
    const { violations } = await axe.run(document, options);
    expect(violations.map(({ id, nodes }) => [id, nodes.map((node) => node.html)])).toEqual([]);
  });
});
