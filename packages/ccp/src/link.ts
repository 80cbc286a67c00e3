/** The line to Holdline: one WebSocket, opened again as long as Holdline lets this page in. */

import type { FromPage, ToPage } from './bindings/Frames';

const PROTOCOL = 1;
const AGAIN_MS = 1_000;
/** Where the next token waits; it is this tab's alone. */
const KEY = 'holdline-token';

export interface Welcome {
  ccpUrl: string;
  loginUrl: string | null;
  softphone: boolean;
}

export interface Listener {
  welcomed(welcome: Welcome): void;
  asked(order: ToPage): void;
  /** Holdline does not take this page: a code and words for people. Nothing is tried again. */
  refused(code: string, detail: string): void;
  lost(): void;
}

type Word =
  ({ type: 'welcome'; token: string } & Welcome) | { type: 'refused'; code: string; detail: string } | ToPage;

export class Link {
  private socket: WebSocket | null = null;
  private welcome = false;
  private over = false;

  constructor(private readonly listener: Listener) {
    const given = location.hash.slice(1);
    if (given) {
      sessionStorage.setItem(KEY, given);
      // Neither the history nor a bookmark is to hold it.
      history.replaceState(null, '', location.pathname);
    }
    this.dial();
  }

  say(frame: FromPage): void {
    if (this.welcome && this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(frame));
  }

  /** Dials again after a refusal, at the rep's word. */
  again(): void {
    this.over = false;
    this.dial();
  }

  private dial(): void {
    const token = sessionStorage.getItem(KEY);
    if (!token) {
      this.over = true;
      return this.listener.refused('used_up', '');
    }
    const socket = new WebSocket(`ws://${location.host}/ccp/v1`);
    this.socket = socket;
    socket.onopen = () => socket.send(JSON.stringify({ type: 'hello', protocol: PROTOCOL, token }));
    socket.onmessage = ({ data }: MessageEvent<string>) => this.hear(JSON.parse(data) as Word);
    socket.onclose = () => {
      if (this.socket !== socket) return;
      this.welcome = false;
      if (this.over) return;
      this.listener.lost();
      setTimeout(() => this.dial(), AGAIN_MS);
    };
  }

  private hear(word: Word): void {
    switch (word.type) {
      case 'welcome':
        sessionStorage.setItem(KEY, word.token);
        this.welcome = true;
        return this.listener.welcomed(word);
      case 'refused':
        // Nobody signed in may change; everything else needs the rep.
        if (word.code === 'not_signed_in') return;
        this.over = true;
        return this.listener.refused(word.code, word.detail);
      default:
        return this.listener.asked(word);
    }
  }
}
