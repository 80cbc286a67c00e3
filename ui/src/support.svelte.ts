import type { Ask, Bundle, Finding, Setting, Told } from './bindings/Support';
import { isDispatchError, type Host } from './host';
import { text } from './texts';

/** What Holdline has told about itself, and what it is being asked. */
export class Support {
  settings = $state<Setting[]>([]);
  contact = $state<string | null>(null);
  findings = $state<Finding[] | null>(null);
  bundle = $state<Bundle | null>(null);
  saved = $state<string | null>(null);
  /** What is being waited for. */
  waiting = $state<Ask['type'] | null>(null);
  /** Why the last question was not answered. */
  error = $state<string | null>(null);

  readonly #host: Host;

  constructor(host: Host) {
    this.#host = host;
  }

  async ask(type: Ask['type']): Promise<void> {
    this.waiting = type;
    this.error = null;
    try {
      this.#hear(await this.#host.support({ type }));
    } catch (error) {
      this.error = isDispatchError(error) ? error.text : text('window-no_host');
    }
    this.waiting = null;
  }

  #hear(told: Told) {
    switch (told.type) {
      case 'bundle':
        this.bundle = told.bundle;
        this.saved = null;
        break;
      case 'doctor':
        this.findings = told.findings;
        break;
      case 'refused':
        this.error = told.text;
        break;
      case 'saved':
        this.saved = told.path;
        break;
      case 'settings':
        this.settings = told.settings;
        this.contact = told.contact;
        break;
    }
  }

  /** The value of a text setting that the organisation has set, without TOML's quotation marks. */
  setByPolicy(key: string): string | null {
    const setting = this.settings.find((setting) => setting.key === key && setting.set_by === 'policy');
    return setting?.value?.replace(/^"(.*)"$/, '$1') ?? null;
  }
}
