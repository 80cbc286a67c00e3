/** The page: the rep's panel, a line to Holdline, and one line of words above it. */

import { carryOut, hasLiveContact, snapshot } from './agent';
import type { Snapshot, ToPage } from './bindings/Frames';
import { after, begin, offersSignIn, type Deed, type Happening, type Life } from './life';
import { Link, type Welcome } from './link';
import { Panel } from './panel';
import { text } from './texts';

const TRIED = 'holdline-tried-sign-in';
const byId = (id: string) => document.getElementById(id)!;

class Page {
  private life: Life = begin(Date.now(), sessionStorage.getItem(TRIED) !== null);
  private panel: Panel | null = null;
  private welcome: Welcome | null = null;
  private agent: connect.Agent | null = null;
  private now: Snapshot | null = null;
  private refusal: string | null = null;
  private linked = false;
  private readonly link = new Link({
    welcomed: (welcome) => this.welcomed(welcome),
    asked: (order) => this.asked(order),
    refused: (code) => this.refused(code),
    lost: () => this.lost(),
  });

  constructor() {
    byId('sign-in').onclick = () => this.panel?.openSignIn();
    byId('take-over').onclick = () => this.link.again();
    setInterval(() => {
      this.panel?.look();
      if (this.panel) this.happens('tick');
    }, 1_000);
    this.draw();
  }

  private welcomed(welcome: Welcome): void {
    this.linked = true;
    this.refusal = null;
    this.welcome = welcome;
    this.panel ??= new Panel(byId('panel'), welcome, {
      happens: (what) => this.happens(what),
      told: (agent, skew) => this.told(agent, skew),
    });
    // Holdline, or the line to it, is new: it hears everything again.
    if (this.now) this.link.say({ type: 'snapshot', ...this.now });
    this.draw();
  }

  private told(agent: connect.Agent, skew: number): void {
    this.agent = agent;
    const now = snapshot(agent, skew);
    const changed = JSON.stringify(now) !== JSON.stringify(this.now);
    const back = this.life.stage !== 'live';
    this.now = now;
    this.happens('told');
    if (changed || back) this.link.say({ type: 'snapshot', ...now });
  }

  private asked(order: ToPage): void {
    const answer = (outcome: 'done' | 'queued' | 'refused' | 'ringing') =>
      this.link.say({ type: 'answer', id: order.id, outcome });
    try {
      if (this.agent && this.life.stage === 'live') carryOut(this.agent, order, answer);
      else answer('refused');
    } catch (error) {
      console.error('Amazon Connect did not take a state', error);
      answer('refused');
    }
  }

  private refused(code: string): void {
    this.linked = false;
    this.refusal = code;
    this.draw();
  }

  private lost(): void {
    this.linked = false;
    this.draw();
  }

  private happens(what: Happening): void {
    const [life, deeds] = after(this.life, Date.now(), what, { carriesCall: this.carriesCall() });
    const drawn = [this.life.stage, offersSignIn(this.life)];
    this.life = life;
    if (life.triedSignIn) sessionStorage.setItem(TRIED, '1');
    else sessionStorage.removeItem(TRIED);
    deeds.forEach((deed) => this.carry(deed));
    if (String(drawn) !== String([life.stage, offersSignIn(life)])) this.draw();
  }

  private carry(deed: Deed): void {
    switch (deed.do) {
      case 'tell':
        // What was told before does not hold any more.
        this.now = null;
        return this.link.say({ type: 'trouble', trouble: deed.trouble });
      case 'refresh':
        return this.panel?.refresh();
      case 'reload':
        return location.reload();
      case 'close_sign_in':
        return this.panel?.closeSignIn();
    }
  }

  private carriesCall(): boolean {
    return !!this.welcome?.softphone && !!this.agent && this.now !== null && hasLiveContact(this.agent);
  }

  private draw(): void {
    const { stage } = this.life;
    const says = this.refusal
      ? this.refusal === 'replaced'
        ? 'ccp-replaced'
        : 'ccp-refused'
      : !this.linked
        ? 'ccp-no_link'
        : `ccp-${stage}`;
    const remedy = !this.refusal && this.linked && stage === 'not_approved';
    byId('says').textContent = text(says);
    byId('dot').dataset['stage'] = this.linked && !this.refusal ? stage : 'off';
    byId('remedy').hidden = !remedy;
    byId('remedy').textContent = remedy ? text('ccp-not_approved-remedy', { origin: location.origin }) : '';
    byId('sign-in').hidden = !this.linked || !offersSignIn(this.life);
    byId('sign-in').textContent = text('ccp-sign_in');
    byId('take-over').hidden = this.refusal !== 'replaced';
    byId('take-over').textContent = text('ccp-take_over');
  }
}

new Page();
