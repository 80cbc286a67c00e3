// The window with a picture of its own: /?picture=held (see pictures.ts), &zoom=200 for large text, &locked for an org that
// is the organisation's, &axe for
// what axe-core finds once it is laid out.
import '../src/styles/base.css';
import { mount } from 'svelte';

import App from '../src/App.svelte';
import { pictures } from './pictures';
import { StoryHost } from './storyHost';

const target = document.getElementById('app');
if (!target) throw new Error('index.html has no #app');

const query = new URLSearchParams(location.search);
const name = query.get('picture') ?? 'onCall';
const picture = pictures[name as keyof typeof pictures] ?? pictures.onCall;
const zoom = query.get('zoom');
if (zoom) document.documentElement.style.fontSize = `${zoom}%`;
const host = new StoryHost(picture());
host.orgIsLocked = query.has('locked');
mount(App, { target, props: { host } });

// &press=Settings and help|Look: buttons to press, one after the other.
for (const name of query.get('press')?.split('|') ?? []) {
  await new Promise((resolve) => setTimeout(resolve, 50));
  const buttons = [...document.querySelectorAll('button')];
  buttons.find((button) => button.textContent.trim() === name)?.click();
}

if (query.has('axe')) {
  const { default: axe } = await import('axe-core');
  const { violations } = await axe.run(document);
  const found = document.createElement('pre');
  found.id = 'axe';
  found.textContent = JSON.stringify(violations.map(({ id, nodes }) => [id, nodes.map((n) => n.html)]));
  document.body.append(found);
}
