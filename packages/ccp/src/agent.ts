/** What the library tells, in the words of Holdline's frames. */

import type { AgentState, Contact, PageOutcome, Snapshot, ToPage } from './bindings/Frames';

const RINGS = ['connecting', 'incoming', 'pending'];
const OVER = ['error', 'missed', 'rejected'];

/** The agent as it is now. `skew`: the server's clock less ours, milliseconds. */
export function snapshot(agent: connect.Agent, skew: number): Snapshot {
  const { name, type, startTimestamp } = agent.getState();
  const began = startTimestamp instanceof Date ? startTimestamp.getTime() : Number.NaN;
  return {
    state: { name, type },
    sinceMs: Number.isFinite(began) ? Math.round(began - (Number.isFinite(skew) ? skew : 0)) : null,
    nextState: (agent.getNextState() as AgentState | null)?.name ?? null,
    states: agent.getAgentStates().map(({ name, type }) => ({ name, type })),
    contacts: contacts(agent),
  };
}

/** Whether somebody is on the line or wants to be. */
export function hasLiveContact(agent: connect.Agent): boolean {
  return contacts(agent).some(({ state }) => state !== 'ended' && !OVER.includes(state));
}

function contacts(agent: connect.Agent): Contact[] {
  return agent.getContacts().map((contact) => ({
    id: contact.getContactId(),
    type: contact.getType(),
    state: contact.getStatus().type,
  }));
}

/**
 * Carries a request out, after a last look: while a contact rings nothing is sent, Offline is always enqueued,
 * and so is everything else while there is any contact.
 */
export function carryOut(
  agent: connect.Agent,
  { state: wanted, enqueueNextState }: Extract<ToPage, { type: 'setState' }>,
  answer: (outcome: PageOutcome) => void,
): void {
  const now = contacts(agent);
  if (now.some(({ state }) => RINGS.includes(state))) return answer('ringing');
  const state = agent.getAgentStates().find(({ name }) => name === wanted);
  if (!state) return answer('refused');
  const onContact = now.some(({ state }) => !OVER.includes(state));
  const enqueue = enqueueNextState || onContact || (state.type as string) === 'offline';
  agent.setState(
    state,
    { success: () => answer(onContact ? 'queued' : 'done'), failure: () => answer('refused') },
    { enqueueNextState: enqueue },
  );
}
