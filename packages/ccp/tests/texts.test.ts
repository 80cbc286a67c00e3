import { expect, it } from 'vitest';

import { text } from '../src/texts';

const SAID = [
  ...['loading', 'live', 'silent', 'signed_out', 'not_approved', 'no_link', 'refused', 'replaced'],
  ...['sign_in', 'take_over'],
];

it('has words for all that the page says', () => {
  for (const id of SAID) expect(text(`ccp-${id}`), id).not.toBe(`ccp-${id}`);
  expect(text('ccp-not_approved-remedy', { origin: 'http://localhost:1' })).toContain('http://localhost:1');
});
