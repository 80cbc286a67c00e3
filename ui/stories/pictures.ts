import type { Picture, Problem } from '../src/bindings/Picture';
import { remedy, text } from '../src/texts';

/** Pictures for stories and tests; a shipped window never has one of these. Times are relative to now. */
const ago = (seconds: number) => new Date(Date.now() - seconds * 1000).toISOString();

const AVAILABLE = '0N5000000000001CAA';
const BREAK = '0N5000000000002CAA';

const ACTIVE_ORG = {
  id: '00D000000000001EAA:005000000000001AAA',
  active: true,
  name: 'Pat Rivera',
  org_url: 'https://mycompany.my.salesforce.com/',
};
const SANDBOX_ORG = {
  id: '00D000000000002EAA:005000000000002AAA',
  active: false,
  name: 'Pat Rivera (UAT)',
  org_url: 'https://mycompany--uat.sandbox.my.salesforce.com/',
};

const NO_WRAP_UP = { wrap_up_ends_at: null, wrapping_up: [], voice_routed: true };

/** Signed in, no call. */
export function idle(): Picture {
  return {
    schema: 1,
    session: {
      state: 'signed_in',
      name: 'Pat Rivera',
      user_id: '005000000000001AAA',
      org_id: '00D000000000001EAA',
      org_url: 'https://mycompany.my.salesforce.com',
      orgs: [ACTIVE_ORG],
    },
    call: { ...NO_WRAP_UP, phase: 'idle', since: ago(1900), evidence_at: ago(4) },
    presence: { status: 'Available', status_id: AVAILABLE, kind: 'online', online: true, since: ago(5400) },
    telephony: {
      connected: true,
      name: 'Practice phone',
      state: 'Available',
      kind: 'routable',
      states: [
        { name: 'Available', kind: 'routable' },
        { name: 'Break', kind: 'not_routable' },
        { name: 'Offline', kind: 'offline' },
      ],
      next_state: null,
      contacts: [],
      page: false,
    },
    console: { connected: true },
    held: null,
    pending: null,
    statuses: [
      { id: AVAILABLE, label: 'Available', developer_name: 'Available', kind: 'online' },
      { id: BREAK, label: 'Break', developer_name: 'Break', kind: 'busy' },
      { id: '0N5000000000003CAA', label: 'Lunch', developer_name: 'Lunch', kind: 'busy' },
    ],
    works: [],
    decline_reasons: [],
    pairings: [],
    problems: [],
    profile: 'connector',
    observing: false,
    sync_paused: false,
    guarding: false,
  };
}

/** Signed in to two orgs; one of them is used. */
export function twoOrgs(): Picture {
  const picture = idle();
  return { ...picture, session: { ...picture.session, orgs: [ACTIVE_ORG, SANDBOX_ORG] } };
}

const NOTHING = { flagged: false, may_accept: false, may_close: false, may_decline: false, may_flag: false };

/** A call rings beside an open message. */
export function withWorks(): Picture {
  const picture = ringing();
  return {
    ...picture,
    works: [
      {
        ...NOTHING,
        id: '0Bz000000000001AAA',
        label: 'Messaging',
        voice: false,
        offered: false,
        flagged: true,
        may_close: true,
        may_flag: true,
      },
      {
        ...NOTHING,
        id: '0Bz000000000002AAA',
        label: 'Call',
        voice: true,
        offered: true,
        may_accept: true,
        may_decline: true,
      },
    ],
    decline_reasons: ['Busy with a customer', 'Wrong skill'],
  };
}

/** A call; the presence still says Available. */
export function onCall(): Picture {
  const picture = idle();
  return {
    ...picture,
    call: { ...NO_WRAP_UP, phase: 'on_call', since: ago(272), evidence_at: ago(2) },
    telephony: { ...picture.telephony, contacts: [{ id: 'c1', phase: 'connected' }] },
  };
}

/** Offline waits for the call to end, on both sides. */
export function held(): Picture {
  const picture = onCall();
  return {
    ...picture,
    telephony: { ...picture.telephony, next_state: 'Offline' },
    held: {
      status: 'Offline',
      reason: 'call_active',
      text: 'Offline waits until your call ends, because going Offline now would drop it. The call goes on; there is nothing to do.',
      since: ago(40),
      lasts_long: false,
      held_as: null,
    },
  };
}

/** Held for very long, and covered by a Busy status meanwhile. */
export function heldLong(): Picture {
  const picture = held();
  return {
    ...picture,
    presence: { status: 'Break', status_id: BREAK, kind: 'busy', online: true, since: ago(7300) },
    held: picture.held && { ...picture.held, since: ago(7320), lasts_long: true, held_as: 'Break' },
    problems: [problem('hold_lasts', 'keep_holding', 'Offline')],
  };
}

/** Rules have written too often: sync is paused. */
export function syncPaused(): Picture {
  return { ...idle(), sync_paused: true, problems: [problem('sync_paused', 'resume_sync')] };
}

/** An org whose phone is steered by an adapter, and which has Holdline only observe. */
export function observing(): Picture {
  const picture = idle();
  return {
    ...picture,
    call: { ...picture.call, voice_routed: false },
    telephony: { ...picture.telephony, contacts: [{ id: 'c1', phase: 'connected' }] },
    profile: 'cti_adapter',
    observing: true,
  };
}

export function ringing(): Picture {
  const picture = idle();
  return {
    ...picture,
    call: { ...NO_WRAP_UP, phase: 'ringing', since: ago(6), evidence_at: ago(1) },
    telephony: { ...picture.telephony, contacts: [{ id: 'c1', phase: 'ringing' }] },
  };
}

export function wrapUp(): Picture {
  const picture = idle();
  return {
    ...picture,
    call: {
      phase: 'wrap_up',
      since: ago(25),
      evidence_at: ago(1),
      wrap_up_ends_at: ago(-95),
      wrapping_up: ['0Bz000000000001AAA'],
      voice_routed: true,
    },
    telephony: {
      ...picture.telephony,
      state: 'AfterCallWork',
      kind: 'system',
      contacts: [{ id: 'c1', phase: 'after_call_work' }],
    },
  };
}

/** The evidence is stale. */
export function unknown(): Picture {
  return {
    ...idle(),
    call: { ...NO_WRAP_UP, phase: 'unknown', since: ago(700), evidence_at: ago(760) },
    console: { connected: false },
    problems: [problem('org_unreachable')],
  };
}

/** Just signed in: nothing is known yet. */
export function fresh(): Picture {
  return {
    ...idle(),
    call: { ...NO_WRAP_UP, phase: 'unknown', since: ago(1), evidence_at: null },
    presence: { status: null, status_id: null, kind: 'unknown', online: false, since: null },
    telephony: {
      connected: false,
      name: null,
      state: null,
      kind: null,
      states: [],
      next_state: null,
      contacts: [],
      page: false,
    },
    console: { connected: false },
    statuses: [],
  };
}

/** Offline is being applied. */
export function pending(): Picture {
  return { ...idle(), pending: { status: 'Offline', since: ago(1) } };
}

/** Logged out of Omni-Channel. */
export function offline(): Picture {
  const picture = idle();
  return {
    ...picture,
    presence: { status: 'Offline', status_id: null, kind: 'logged_out', online: false, since: ago(60) },
    telephony: { ...picture.telephony, state: 'Offline', kind: 'offline' },
  };
}

/** A console and two phones want to be paired; one of them can't be set. */
export function pairing(): Picture {
  return {
    ...idle(),
    console: { connected: false },
    pairings: [
      { id: 'p1', kind: 'console', code: '482913', name: '' },
      { id: 'p2', kind: 'phone', code: '105577', name: 'Practice phone' },
      {
        id: 'p3',
        kind: 'phone',
        code: '660218',
        name: 'Acme Softphone (only reports, Holdline can’t set it)',
      },
    ],
  };
}

/** Several problems at once, with each kind of action. */
export function troubled(): Picture {
  return {
    ...held(),
    problems: [
      problem('logged_out_during_call', 'return'),
      problem('sign_in_again', 'sign_in'),
      problem('another_call', 'dismiss'),
    ],
  };
}

export function signedOut(): Picture {
  return {
    ...fresh(),
    session: { state: 'signed_out', name: null, user_id: null, org_id: null, org_url: null, orgs: [] },
  };
}

export function signingIn(): Picture {
  return { ...signedOut(), session: { ...signedOut().session, state: 'signing_in' } };
}

/** The sign-in did not work. */
export function signInFailed(): Picture {
  return { ...signedOut(), problems: [problem('sign_in_failed', 'dismiss')] };
}

/** Labels nobody would choose, and many of them. */
export function long(): Picture {
  const picture = held();
  const label = 'Donaudampfschifffahrtsgesellschaftskapitänspause & <b>mehr</b>';
  return {
    ...picture,
    session: { ...picture.session, name: 'Wolfeschlegelsteinhausenbergerdorff Hubert Blaine', org_url: null },
    call: { ...picture.call, since: ago(7325) },
    presence: { ...picture.presence, status: label },
    telephony: { ...picture.telephony, state: label, next_state: label },
    statuses: Array.from({ length: 12 }, (_, i) => ({
      id: `0N50000000001${String(i).padStart(2, '0')}CAA`,
      label: i === 0 ? label : `休憩 ${i}`,
      developer_name: null,
      kind: i % 2 ? ('busy' as const) : ('online' as const),
    })),
  };
}

/** Every picture by its name. */
export const pictures = {
  withWorks,
  idle,
  onCall,
  held,
  heldLong,
  syncPaused,
  observing,
  ringing,
  wrapUp,
  unknown,
  fresh,
  pending,
  offline,
  pairing,
  troubled,
  signedOut,
  twoOrgs,
  signingIn,
  signInFailed,
  long,
};

function problem(
  code: Problem['code'],
  action: Problem['action'] = null,
  about = 'the connection timed out',
): Problem {
  return {
    code,
    text: text(`problem-${code}`, { about }),
    remedy: remedy(`problem-${code}`, { about }),
    action,
  };
}
