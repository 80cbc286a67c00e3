import type { Picture } from './bindings/Picture';
import type { Host } from './host';
import { text } from './texts';

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
        this.picture = picture;
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
