import { invoke } from '@tauri-apps/api/core';
import { listen } from '@tauri-apps/api/event';

import type { Picture } from './bindings/Picture';
import type { Told } from './bindings/Support';
import type { Host } from './host';

/** The host inside Holdline's own window. */
export const tauriHost: Host = {
  dispatch: (request) => invoke('dispatch', { request }),
  support: (ask) => invoke<Told>('support', { ask }),
  picture: () => invoke<Picture>('picture'),
  onPicture: (listener) => listen<Picture>('picture', (event) => listener(event.payload)),
};
