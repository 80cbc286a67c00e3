import type { Ask, Finding, Setting, Told } from '../src/bindings/Support';

/** What Holdline tells about itself in stories and tests. */
const settings: Setting[] = [
  {
    key: 'guard.policy',
    label: 'Offline during a call',
    about: 'Offline during a call: held until the call ends, or refused.',
    value: '"block"',
    set_by: 'policy',
    place: '/etc/holdline/policy.toml, line 2',
  },
  {
    key: 'guard.wrap_up',
    label: 'Offline during wrap-up',
    about: 'The same during wrap-up: treated like the call, or let through.',
    value: '"hold"',
    set_by: 'built_in',
    place: null,
  },
  {
    key: 'shortcut.offline',
    label: 'Shortcut for Offline',
    about: 'A global shortcut that asks for Offline (guarded), like Ctrl+Alt+O.',
    value: '"Ctrl+Alt+O"',
    set_by: 'user',
    place: '/home/pat/.local/share/holdline/holdline.toml, line 2',
  },
];

/** The organisation has also chosen the org. */
export const orgOfPolicy: Setting = {
  key: 'org.url',
  label: 'Org',
  about: 'The org to sign in to.',
  value: '"mycompany.my.salesforce.com"',
  set_by: 'policy',
  place: '/etc/holdline/policy.toml, line 5',
};

const findings: Finding[] = [
  {
    check: 'keyring',
    health: 'error',
    code: 'locked',
    title: 'Keyring',
    text: 'The keyring is locked, so that a kept sign-in can’t be used. Calls are not affected.',
    remedy: 'Unlock it; or give it the password of your session, so that it unlocks with it.',
  },
  {
    check: 'clock',
    health: 'warning',
    code: 'off',
    title: 'Clock',
    text: 'This computer’s clock is 90 seconds behind. Holdline allows for it, but times in its trace look wrong.',
    remedy: 'Set the clock, or turn on its setting by the network.',
  },
  {
    check: 'adapter',
    health: 'unknown',
    code: 'not_asked',
    title: 'Sync rules of other programs',
    text: 'Whether another program in the org carries states between phone and Omni-Channel was not looked at.',
    remedy: 'Start Holdline and sign in, then look again.',
  },
  {
    check: 'policy',
    health: 'good',
    code: 'valid',
    title: 'Settings',
    text: 'Your organisation’s settings are valid: /etc/holdline/policy.toml.',
    remedy: null,
  },
];

export const told: Record<Ask['type'], Told> = {
  settings: { type: 'settings', settings, contact: 'Service desk, extension 4711' },
  doctor: { type: 'doctor', findings },
  bundle: {
    type: 'bundle',
    bundle: {
      name: 'holdline-diagnostics-20260102-030405.zip',
      files: [
        { name: 'about.txt', text: 'Holdline 0.1.0\nsystem: linux x86_64\n' },
        {
          name: 'log.txt',
          text: '2026-01-02T03:04:05Z  INFO loopback::doors: listening on loopback port=47810\n'.repeat(40),
        },
      ],
    },
  },
  save_bundle: { type: 'saved', path: '/home/pat/Downloads/holdline-diagnostics-20260102-030405.zip' },
};
