/** A phone's state, and what it does. */
export interface AgentState {
  name: string;
  kind: "routable" | "not_routable" | "offline" | "system";
}

/** What Salesforce says of a status. */
export interface StatusInfo {
  statusId?: string;
  statusApiName?: string;
  statusName?: string;
}

/** The telephony system, as the guard needs it. */
export interface Vendor {
  /** The vendor has a queue of its own for the next state. */
  readonly canEnqueue?: boolean;
  /** The vendor's state for a status of Salesforce's; nothing: there is none. */
  resolve(agentStatus: string, statusInfo: StatusInfo, hint: { offline: boolean }): string | null | undefined;
  /** Whether a contact rings, is connected, or is in after-call work. */
  hasContact(): boolean;
  /** Sets the state; with `enqueue` after the contact. `false` or an error: refused. */
  setState(name: string, enqueue: boolean): Promise<boolean | void> | boolean | void;
}

/** Classes of @salesforce/scv-connector-base: the one the connector uses checks results with `instanceof`. */
export interface Results {
  GenericResult: new (param: { success: boolean }) => unknown;
  /** Newer versions have it. */
  SetAgentStateResult?: new (param: { success: boolean; isStatusSyncNeeded: boolean }) => unknown;
}

export class StatusError extends Error {
  readonly type: "INVALID_AGENT_STATUS" | "CAN_NOT_SET_AGENT_STATUS";
}

export class VoiceGuard {
  constructor(options: { vendor: Vendor; results: Results; holdline?: HoldlineLink | null; holdlinesTurnMs?: number });
  /** What waits for the end of the call, and in whose queue. */
  readonly queued: { state: { name: string; offline: boolean }; by: "vendor" | "holdline" | "guard" } | null;
  /** For the connector's method of that name. */
  setAgentStatus(agentStatus: string, statusInfo?: StatusInfo, enqueueNextState?: boolean): Promise<any>;
  /** Call it after every change of the vendor's contacts. */
  contactsChanged(): Promise<void>;
  /** Call it when the vendor's state has changed. */
  stateWasSet(name: string): void;
  /** Applies what waits, unless a call is on. */
  applyQueued(): Promise<void>;
  /** Call it from the link's `onUp`. */
  holdlineIsBack(): Promise<void>;
}

/** What Holdline asks for. */
export interface StateRequest {
  id: string;
  state: string;
  enqueueNextState: boolean;
}

export interface PhoneState {
  state: AgentState;
  nextState?: string | null;
  contacts: { id: string; phase: "ringing" | "connected" | "after_call_work"; vendorCallKey?: string }[];
  sinceMs?: number;
}

export class HoldlineLink {
  constructor(options: {
    token: string;
    name: string;
    user?: string;
    states: AgentState[];
    report(): PhoneState;
    setState(request: StateRequest): Promise<"done" | "queued" | "refused">;
    onUp?(): void;
    onDown?(error: Error & { code?: string }): void;
    ports?: number[];
    retryMs?: number;
  });
  readonly isUp: boolean;
  run(): Promise<void>;
  stop(): Promise<void>;
  report(): Promise<void>;
  enqueue(state: string | null): Promise<boolean>;
}
