import type { Dispatch, DispatchError } from '../src/bindings/Dispatch';
import type { Picture } from '../src/bindings/Picture';
import type { Host } from '../src/host';

/** A host without a program: it shows what it is given and records what it is asked. */
export class StoryHost implements Host {
  readonly requests: Dispatch[] = [];
  /** When set, every request is refused with it. */
  refusal: DispatchError | null = null;

  #picture: Picture;
  readonly #listeners = new Set<(picture: Picture) => void>();

  constructor(picture: Picture) {
    this.#picture = picture;
  }

  /** Shows another picture. */
  show(picture: Picture): void {
    this.#picture = picture;
    for (const listener of this.#listeners) listener(picture);
  }

  /** How many windows follow. */
  get listeners(): number {
    return this.#listeners.size;
  }

  dispatch(request: Dispatch): Promise<void> {
    this.requests.push(request);
    return this.refusal ? Promise.reject(this.refusal) : Promise.resolve();
  }

  picture(): Promise<Picture> {
    return Promise.resolve(this.#picture);
  }

  onPicture(listener: (picture: Picture) => void): Promise<() => void> {
    this.#listeners.add(listener);
    return Promise.resolve(() => this.#listeners.delete(listener));
  }
}
