import { mayApproveLike } from "../../domain/approval/decision.ts";
import { mayDiscover } from "../../domain/policy/decide.ts";
import { mayAdminister } from "../may-administer.ts";
import type { Route } from "../route.ts";

/** Somebody and something that are not there: policies are asked in general, to know which rooms to offer. */
const NOBODY = { id: "", requester: "", risks: [], about: "call" } as const;

export const me: Route = async ({ person }, { settings, engine, now }) => {
  const { servers, approverGroups } = settings.config;
  const minutes = settings.policy.policies.map(({ annotations }) => Number(annotations.grant_minutes));
  const longest = Math.max(0, ...minutes.filter((most) => Number.isInteger(most)));
  return {
    name: person.name,
    principal: person.id,
    groups: person.groups,
    isApprover: approverGroups.some(({ name }) =>
      servers.some((server) =>
        mayApproveLike(person, { ...NOBODY, groups: [name], server: server.name, tools: [""] }, engine),
      ),
    ),
    mayBlock: mayAdminister(person, "", engine),
    servers: servers
      .filter(({ name }) => mayDiscover(person, { kind: "server", server: name }, engine, { at: now() }))
      .map(({ name }) => ({ name })),
    reasonRequired: approverGroups.some((group) => group.reasonRequired),
    longestGrantMinutes: longest === 0 ? null : longest,
  };
};
