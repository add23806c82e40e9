import * as z from "zod";

/** Text of a regular expression that compiles under the given flags. */
export const expression = (flags: string) =>
  z
    .string()
    .min(1)
    .superRefine((source, context) => {
      try {
        new RegExp(source, flags);
      } catch (error) {
        context.addIssue({
          code: "custom",
          continue: false,
          message: `a regular expression (${error instanceof Error ? error.message : "unreadable"})`,
        });
      }
    });
