// The window with a picture of its own: /?picture=held (see pictures.ts), &zoom=200 for large text.
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
