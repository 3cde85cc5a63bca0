const POLL_MS = 20;

/** Asks until `found` gives something, and says what it waited for when it does not within `withinMs`. */
export async function waitFor<T>(
  what: string,
  found: () => Promise<T | false | undefined> | T | false | undefined,
  withinMs = 20_000,
): Promise<T> {
  const until = performance.now() + withinMs;
  for (;;) {
    // The last question is asked when the time is over: one that a busy machine answers late says nothing of that instant.
    const isLast = performance.now() > until;
    const result = await found();
    if (result !== false && result !== undefined) return result;
    if (isLast) throw new Error(`Waited ${withinMs} ms in vain for ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
