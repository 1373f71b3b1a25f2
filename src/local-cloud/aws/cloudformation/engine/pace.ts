/** How long things take in simulated milliseconds: enough for events to be in order, short on a hastened clock. */
export const CREATE_MS = 1500;
export const UPDATE_MS = 1200;
export const DELETE_MS = 900;
export const CHANGE_SET_MS = 1200;
export const PHASE_MS = 300;
export const DRIFT_MS = 1500;
