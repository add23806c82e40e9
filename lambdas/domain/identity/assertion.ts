import type { SamlConfig } from "../../../lib/config/saml.ts";
import { CountersignError } from "../error.ts";

/** What the gateway wants to know of a SAML assertion. */
export interface Asserted {
  readonly person: string;
  readonly name: string;
  readonly groups: readonly string[];
}

/** Attributes as Cognito hands them on: by their SAML names, several values in one text. */
export type SamlAttributes = Readonly<Record<string, unknown>>;

/** Longest value that an attribute of a user pool holds. */
const LONGEST = 2048;

/**
 * Reads an assertion whose signature Cognito has verified.
 *
 * @param groups the groups that the configuration names; others are dropped, so that hundreds of them do no harm
 * @throws CountersignError `token_invalid` for a person without a name that is equal everywhere: they could neither approve nor
 * be kept from approving their own calls
 */
export function readAssertion(given: SamlAttributes, saml: SamlConfig, groups: readonly string[]): Asserted {
  const { attributes } = saml;
  const [person = "", ...more] = valuesOf(given, attributes.person);
  if (person === "" || more.length > 0)
    throw new CountersignError("token_invalid", `the SAML assertion has not one value of ${attributes.person}`);
  const known = saml.groupNames === undefined ? groups : Object.keys(saml.groupNames);
  const stated = attributes.groups === null ? [] : valuesOf(given, attributes.groups);
  const name = attributes.name === null ? "" : valuesOf(given, attributes.name).join(", ");
  return {
    person,
    name: name === "" ? person : name,
    groups: known.filter(
      (group) => stated.includes(group) || (stated.length > 1 && stated.includes(formEncoded(group))),
    ),
  };
}

/** Puts what was asserted into the one attribute of the pool that carries it. */
export function carry(asserted: Asserted): string {
  const text = JSON.stringify(asserted);
  if (text.length > LONGEST)
    throw new CountersignError(
      "token_invalid",
      "the groups of this person, as the configuration names them, are too many",
    );
  return text;
}

/** @throws CountersignError `token_invalid` when the pool holds nothing of the kind: nobody was asserted */
export function carried(text: string | undefined): Asserted {
  if (text === undefined || text === "")
    throw new CountersignError("token_invalid", "this person did not come by the SAML provider");
  return JSON.parse(text) as Asserted;
}

/** A name as Cognito writes it among several: letters, digits and `.-*_` as they are, a space as a plus. */
const formEncoded = (name: string): string => new URLSearchParams([["", name]]).toString().slice(1);

/**
 * The values of an attribute. Cognito writes several as `[one, two]` or `one,two`, and form-encodes those with other characters
 * than letters, digits and `.-*_`; one alone it leaves as it is. They are not decoded. A single value with a comma reads as several,
 * since nothing tells it apart: who may name a group, and is in no other, can be in any (docs/threat-model.md).
 */
function valuesOf(given: SamlAttributes, name: string): string[] {
  const value = Object.hasOwn(given, name) ? given[name] : undefined;
  if (Array.isArray(value)) return value.filter((entry) => typeof entry === "string" && entry !== "");
  if (typeof value !== "string") return [];
  const [, within = value] = value.match(/^\s*\[(.*)\]\s*$/s) ?? [];
  return within
    .split(",")
    .map((part) => part.trim())
    .filter(Boolean);
}
