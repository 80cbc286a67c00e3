export { VoiceGuard, StatusError } from "./guard.js";
export { HoldlineLink } from "./holdline.js";
