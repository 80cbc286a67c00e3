import { FluentBundle, FluentResource, type FluentVariable } from '@fluent/bundle';

import source from '../../../crates/companion/texts/en.ftl?raw';

const bundle = new FluentBundle('en', { useIsolating: false });
bundle.addResource(new FluentResource(source));

/** The words of an id of the catalogue; the id itself where it has none (a test finds those). */
export function text(id: string, values?: Record<string, FluentVariable>): string {
  const pattern = bundle.getMessage(id)?.value;
  return pattern ? bundle.formatPattern(pattern, values ?? null, []) : id;
}
