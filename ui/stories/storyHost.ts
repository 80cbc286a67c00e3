import type { Dispatch, DispatchError } from '../src/bindings/Dispatch';
import type { Picture } from '../src/bindings/Picture';
import type { Ask, Told } from '../src/bindings/Support';
import type { Host } from '../src/host';
import { orgOfPolicy, told } from './support';

/** A host without a program: it shows what it is given and records what it is asked. */
export class StoryHost implements Host {
  readonly requests: Dispatch[] = [];
  readonly asked: Ask['type'][] = [];
  /** When set, every request is refused with it. */
  refusal: DispatchError | null = null;
  /** Whether the organisation has chosen the org. */
  orgIsLocked = false;
  /** When set, every question about Holdline itself ends with it. */
  unanswered: DispatchError | null = null;

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

  support(ask: Ask): Promise<Told> {
    this.asked.push(ask.type);
    if (this.unanswered) return Promise.reject(this.unanswered);
    const answer = told[ask.type];
    if (this.orgIsLocked && answer.type === 'settings') {
      return Promise.resolve({ ...answer, settings: [...answer.settings, orgOfPolicy] });
    }
    return Promise.resolve(answer);
  }

  picture(): Promise<Picture> {
    return Promise.resolve(this.#picture);
  }

  onPicture(listener: (picture: Picture) => void): Promise<() => void> {
    this.#listeners.add(listener);
    return Promise.resolve(() => this.#listeners.delete(listener));
  }
}
