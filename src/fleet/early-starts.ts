/** Starts that wait until the flows of an earlier fleet are here. */
export interface EarlyStarts {
  /** @returns Ends the wait. Throws why, if it was refused meanwhile. */
  enter(id: string): () => void;
  /** Refuses those of this `id`; without one, all. @returns Whether there are any. */
  refuse(error: Error, id?: string): boolean;
}

/** Makes an empty {@link EarlyStarts}. */
export function createEarlyStarts(): EarlyStarts {
  const all = new Set<{ readonly id: string; refusal: Error | undefined }>();
  return {
    enter(id) {
      const start = { id, refusal: undefined as Error | undefined };
      all.add(start);
      return () => {
        all.delete(start);
        if (start.refusal) throw start.refusal;
      };
    },
    refuse(error, id) {
      const refused = [...all].filter((start) => !start.refusal && (id === undefined || start.id === id));
      for (const start of refused) start.refusal = error;
      return refused.length > 0;
    },
  };
}
