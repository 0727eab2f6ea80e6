/** Numbers that the chart documents. They stand here once more, so that a chart that no longer keeps them is found. */

/** How far the deadline that is shown may be from Plex's: it counts in whole seconds, and two of them are no change. */
export const deadlineToleranceMs = 3000;
/** A PIN that is unknown this long before its end is another client's. */
export const mismatchMs = 30_000;
/** The last read of a PIN goes out this long before its end. */
export const lastReadMs = 1000;
/** After this many failed requests for a PIN in a row, the sign-in may fail. */
export const mostPinRequests = 6;
/** After this many failed reads in a row, a sign-in past its deadline ends. */
export const mostLateFailures = 3;
/** How long a `CHECK` that is not among the first waits after an answer. */
export const checkPaceMs = 500;
/** This many requests in a row may follow a `CHECK` at once. */
export const mostPromptRequests = 3;
/** The wait when Plex throttles without saying for how long. */
export const throttleMs = 5000;
