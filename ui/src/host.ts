import type { Dispatch, DispatchError } from './bindings/Dispatch';
import type { Picture } from './bindings/Picture';
import type { Ask, Told } from './bindings/Support';

/** All that the window knows of the program around it. Tests and stories bring their own. */
export interface Host {
  /** Posts a request; its outcome shows in a later picture. Rejects with a {@link DispatchError}. */
  dispatch(request: Dispatch): Promise<void>;
  /** Asks about Holdline itself. Rejects with a {@link DispatchError} when there is nobody to answer. */
  support(ask: Ask): Promise<Told>;
  /** The picture now. */
  picture(): Promise<Picture>;
  /** Calls back with every new picture, until the returned function is called. */
  onPicture(listener: (picture: Picture) => void): Promise<() => void>;
}

/** Whether a rejection is the host's own answer rather than a broken connection to it. */
export function isDispatchError(error: unknown): error is DispatchError {
  return typeof error === 'object' && error !== null && 'code' in error && 'text' in error;
}
