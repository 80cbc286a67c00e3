import { describe, expect, it } from 'vitest';

import type { PageOutcome } from '../src/bindings/Frames';
import { carryOut, hasLiveContact, snapshot } from '../src/agent';

const STATES = [
  { name: 'Available', type: 'routable', agentStateARN: 'a' },
  { name: 'Lunch', type: 'not_routable', agentStateARN: 'l' },
  { name: 'Offline', type: 'offline', agentStateARN: 'o' },
];

interface Sent {
  state: string;
  enqueueNextState: boolean;
  success(): void;
  failure(): void;
}

function agent(contacts: string[], next: string | null = null) {
  const sent: Sent[] = [];
  const made = {
    getState: () => ({ name: 'Available', type: 'routable', startTimestamp: new Date(10_000) }),
    getNextState: () => (next ? { name: next } : null),
    getAgentStates: () => STATES,
    getContacts: () =>
      contacts.map((type, place) => ({
        getContactId: () => `c${place}`,
        getType: () => 'voice',
        getStatus: () => ({ type }),
      })),
    setState: (state: { name: string }, { success, failure }: Sent, options: { enqueueNextState: boolean }) =>
      sent.push({ state: state.name, success, failure, ...options }),
  };
  return { agent: made as unknown as connect.Agent, sent };
}

function carried(contacts: string[], state: string, enqueueNextState = false) {
  const { agent: made, sent } = agent(contacts);
  const answers: PageOutcome[] = [];
  carryOut(made, { type: 'setState', id: '1', state, enqueueNextState }, (outcome) => answers.push(outcome));
  return { sent, answers };
}

describe('a snapshot', () => {
  it('has the words of the library, and our own clock', () => {
    const { agent: made } = agent(['connected'], 'Offline');
    expect(snapshot(made, 4_000)).toEqual({
      state: { name: 'Available', type: 'routable' },
      sinceMs: 6_000,
      nextState: 'Offline',
      states: STATES.map(({ name, type }) => ({ name, type })),
      contacts: [{ id: 'c0', type: 'voice', state: 'connected' }],
    });
    expect(snapshot(made, Number.NaN).sinceMs).toBe(10_000);
  });

  it('tells whether somebody is on the line', () => {
    expect(hasLiveContact(agent(['ended', 'missed']).agent)).toBe(false);
    expect(hasLiveContact(agent(['ended', 'connecting']).agent)).toBe(true);
  });
});

describe('a request', () => {
  it('goes out with enqueueNextState for Offline, and with any contact', () => {
    expect(carried([], 'Offline').sent[0]?.enqueueNextState).toBe(true);
    expect(carried(['ended'], 'Available').sent[0]?.enqueueNextState).toBe(true);
    expect(carried(['connected'], 'Lunch').sent[0]?.enqueueNextState).toBe(true);
    expect(carried(['missed'], 'Lunch').sent[0]?.enqueueNextState).toBe(false);
    expect(carried([], 'Lunch').sent[0]?.enqueueNextState).toBe(false);
  });

  it('does not go out while a contact rings: the last look', () => {
    for (const ringing of ['incoming', 'pending', 'connecting']) {
      expect(carried([ringing], 'Offline', true)).toEqual({ sent: [], answers: ['ringing'] });
    }
  });

  it('is answered once it has an outcome', () => {
    const { sent, answers } = carried(['connected'], 'Offline', true);
    expect(answers).toEqual([]);
    sent[0]?.success();
    expect(answers).toEqual(['queued']);
    const other = carried([], 'Lunch');
    other.sent[0]?.failure();
    expect(other.answers).toEqual(['refused']);
    expect(carried([], 'Dinner').answers).toEqual(['refused']);
  });
});
