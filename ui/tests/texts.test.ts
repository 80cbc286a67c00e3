import { FluentBundle, FluentResource } from '@fluent/bundle';
import { describe, expect, it } from 'vitest';

import catalogue from '../../crates/companion/texts/en.ftl?raw';
import bindings from '../src/bindings/Picture.ts?raw';
import { remedy, text } from '../src/texts';

const sources = import.meta.glob<string>(['../src/**/*.svelte', '../src/**/*.ts', '!../src/bindings/**'], {
  query: '?raw',
  import: 'default',
  eager: true,
});

describe('the catalogue', () => {
  it('is read without errors and names nothing twice', () => {
    const errors = new FluentBundle('en').addResource(new FluentResource(catalogue));
    expect(errors).toEqual([]);
    const declared = [...catalogue.matchAll(/^([a-z][\w-]*) =/gm)].length;
    expect(new FluentResource(catalogue).body).toHaveLength(declared);
  });

  it('has every text the window names', () => {
    const named = Object.values(sources).flatMap((source) =>
      [...source.matchAll(/\btext\(\s*'([^']+)'/g)].map((match) => match[1] ?? ''),
    );
    expect(named.length).toBeGreaterThan(30);
    expect(named.filter((id) => text(id) === id)).toEqual([]);
  });

  it('has a text and a remedy for every problem', () => {
    const codes = union('Problem');
    expect(codes).toContain('keyring_locked');
    expect(codes.filter((code) => text(`problem-${code}`) === `problem-${code}`)).toEqual([]);
    expect(codes.filter((code) => remedy(`problem-${code}`) === `problem-${code}`)).toEqual([]);
  });

  it.each([
    ['Call', 'call-', ['', '-explain']],
    ['Held', 'held-', ['']],
    ['Contact', 'contact-', ['']],
    ['Pairing', 'pairing-title-', ['']],
    ['Pairing', 'pairing-help-', ['']],
    ['PresenceKind', 'presence-kind-', ['']],
    ['Telephony', 'telephony-kind-', ['']],
    ['Action', 'problem-action-', ['']],
  ])('has a text for every case of %s in %s', (type, prefix, endings) => {
    const ids = union(type).flatMap((code) => endings.map((ending) => prefix + code + ending));
    expect(ids.length).toBeGreaterThan(1);
    expect(ids.filter((id) => text(id) === id)).toEqual([]);
  });

  it('fills in what a text is about', () => {
    expect(text('problem-logged_out_by', { about: 'DuplicateLogin' })).toBe(
      'Omni-Channel logged you out: you logged in somewhere else. A call that is going on stays connected.',
    );
    expect(text('problem-logged_out_by', { about: 'Something new' })).toContain('Something new.');
    expect(remedy('problem-logged_out_by', { about: 'MaintenanceLogout' })).toBe(
      'Try again in a few minutes.',
    );
  });
});

/** The string cases in the generated declaration of a type. */
function union(type: string): string[] {
  const declaration = new RegExp(`export type ${type} =([^;]*);`).exec(bindings)?.[1] ?? '';
  return [...declaration.matchAll(/"([a-z_]+)"/g)].map((match) => match[1] ?? '');
}
