import type { Picture } from './bindings/Picture';
import type { Host } from './host';
import { text } from './texts';

/**
 * The new picture with the old one's parts wherever they say the same, so that only what has changed is worked out
 * and drawn anew: Holdline tells the whole picture each time, and much of it holds for a day.
 */
export function keeping(old: Picture | null, now: Picture): Picture {
  if (!old) return now;
  const known: Record<string, unknown> = old;
  const parts = Object.entries(now).map(([name, part]): [string, unknown] => {
    const before = known[name];
    return [name, JSON.stringify(part) === JSON.stringify(before) ? before : part];
  });
  return Object.fromEntries(parts) as Picture;
}

/** The newest picture of the host. */
export class Following {
  /** Null until the first. */
  picture = $state.raw<Picture | null>(null);
  /** Why there is none. */
  error = $state<string | null>(null);

  /** Starts following; returns how to stop. */
  start(host: Host): () => void {
    let stopped = false;
    let stop: (() => void) | undefined;
    const follow = async () => {
      // First the events, then the picture: one that came in between is the newer one.
      const unlisten = await host.onPicture((picture) => {
        this.picture = keeping(this.picture, picture);
      });
      if (stopped) return unlisten();
      stop = unlisten;
      const first = await host.picture();
      this.picture ??= first;
    };
    follow().catch(() => {
      this.error = text('window-no_host');
    });
    return () => {
      stopped = true;
      stop?.();
    };
  }
}
