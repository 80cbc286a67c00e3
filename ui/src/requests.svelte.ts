import type { Dispatch } from './bindings/Dispatch';
import { isDispatchError, type Host } from './host';
import { text } from './texts';

/** Posts the window's requests and keeps what the host said when one failed at once. */
export class Requests {
  /** Why the last request failed; null while all is well. */
  error = $state<string | null>(null);

  readonly #host: Host;

  constructor(host: Host) {
    this.#host = host;
  }

  /** True when the request has been posted. */
  async post(request: Dispatch): Promise<boolean> {
    try {
      await this.#host.dispatch(request);
      this.error = null;
      return true;
    } catch (error) {
      this.error = isDispatchError(error) ? error.text : text('window-no_host');
      return false;
    }
  }
}
