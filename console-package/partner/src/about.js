/*
 * Holdline's partner inside the Salesforce console.
 *
 * Omni-Channel presence can only be written by a page of the console, so Holdline asks this script to do it.
 * It speaks the console bridge (docs/console-bridge.md) by fetch to http://localhost, and does what it is
 * asked through the console's own Omni-Channel toolkit (lightning:omniToolkitAPI, or the practice console's).
 *
 * A classic script: it adds one function, createHoldlinePartner, to the window it is loaded into, and works
 * under Lightning Locker (no AbortController, Headers or Worker, no DOM). It decides nothing about presence:
 * Holdline does. What it does decide is what must be decided here, next to the toolkit: it never logs out
 * while getAgentWorks shows a call, and it never carries out a command twice, late, or after its withdrawal.
 */
