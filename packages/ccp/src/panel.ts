/** The real library, `amazon-connect-streams`, and the frame with the rep's panel. */

import 'amazon-connect-streams';

import { LOAD_MS, type Happening } from './life';
import type { Welcome } from './link';

export interface Watcher {
  happens(what: Happening): void;
  /** The agent has changed, or contacts have. */
  told(agent: connect.Agent, skew: number): void;
}

interface Core {
  initCCP(container: HTMLElement, options: object): void;
  getEventBus(): { subscribe(event: string, heard: () => void): void };
  getUpstream(): { onUpstream(event: string, heard: () => void): void };
  getSkew(): number;
  onAuthFail(heard: () => void): void;
  onAccessDenied(heard: () => void): void;
}

export class Panel {
  private signIn: Window | null = null;
  private readonly loginUrl: string;

  constructor(
    private readonly container: HTMLElement,
    { ccpUrl, loginUrl, softphone }: Welcome,
    private readonly watcher: Watcher,
  ) {
    this.loginUrl = loginUrl ?? new URL('login', ccpUrl.replace(/ccp-v2\/$/, '')).href;
    const core = connect.core as unknown as Core;
    core.initCCP(container, {
      ccpUrl,
      // The sign-in opens at a click: a panel that is slow must not bring one up, and no browser blocks it.
      loginPopup: false,
      loginUrl: this.loginUrl,
      // The library loads the frame again whenever this is over: longer than slow panels take.
      ccpLoadTimeout: LOAD_MS,
      loginOptions: { disableAuthPopupAfterLogout: true, enableAckTimeout: true },
      softphone: { allowFramedSoftphone: softphone },
      pageOptions: { enableAudioDeviceSettings: softphone },
    });
    const bus = core.getEventBus();
    bus.subscribe(connect.EventType.ACK_TIMEOUT, () => watcher.happens('ack_timeout'));
    bus.subscribe(connect.EventType.TERMINATED, () => watcher.happens('session_ended'));
    core.onAuthFail(() => watcher.happens('session_ended'));
    core.onAccessDenied(() => watcher.happens('session_ended'));
    core.getUpstream().onUpstream(connect.EventType.ACKNOWLEDGE, () => watcher.happens('acknowledged'));
    connect.agent((agent) => {
      const tell = () => watcher.told(agent, core.getSkew());
      agent.onRefresh(tell);
      tell();
    });
  }

  /** Loads the panel's frame again; the library's line to it stays the same. */
  refresh(): void {
    const frame = this.container.querySelector('iframe');
    if (frame) frame.src = String(frame.src);
  }

  /** Opens the sign-in, from a click. */
  openSignIn(): void {
    this.signIn = window.open(this.loginUrl, 'amazon-connect-sign-in', 'width=500,height=640');
    if (this.signIn) this.watcher.happens('sign_in_opened');
    else location.assign(this.loginUrl);
  }

  closeSignIn(): void {
    this.signIn?.close();
    this.signIn = null;
  }

  /** Notices that the rep has closed the sign-in. */
  look(): void {
    if (!this.signIn?.closed) return;
    this.signIn = null;
    this.watcher.happens('sign_in_closed');
  }
}
