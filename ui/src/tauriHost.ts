import { invoke } from '@tauri-apps/api/core';
import { listen } from '@tauri-apps/api/event';

import type { Picture } from './bindings/Picture';
import type { Host } from './host';

/** The host inside Holdline's own window. */
export const tauriHost: Host = {
  dispatch: (request) => invoke('dispatch', { request }),
  picture: () => invoke<Picture>('picture'),
  onPicture: (listener) => listen<Picture>('picture', (event) => listener(event.payload)),
};
