import './styles/base.css';
import { mount } from 'svelte';

import App from './App.svelte';
import { tauriHost } from './tauriHost';
import { followZoomKeys } from './zoom';

const target = document.getElementById('app');
if (!target) throw new Error('index.html has no #app');

followZoomKeys();
mount(App, { target, props: { host: tauriHost } });
