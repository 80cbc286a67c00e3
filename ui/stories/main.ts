// The window with a picture of its own: /?picture=held (see pictures.ts), &zoom=200 for large text, &axe for
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
mount(App, { target, props: { host: new StoryHost(picture()) } });

if (query.has('axe')) {
  const { default: axe } = await import('axe-core');
  const { violations } = await axe.run(document);
  const found = document.createElement('pre');
  found.id = 'axe';
  found.textContent = JSON.stringify(violations.map(({ id, nodes }) => [id, nodes.map((n) => n.html)]));
  document.body.append(found);
}
