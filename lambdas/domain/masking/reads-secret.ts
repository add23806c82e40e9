import { looksRandom } from "./rules/support/randomness.ts";

const SHORTEST = 6;
const SHORTEST_KEY = 16;
const LONGEST = 4096;
/** Masks, templates, text, paths, addresses, points in time, names of algorithms and versions. */
const OTHER =
  /[^!-~]|[[\]{}<>"]|^[./~\\]|:\/\/|^(?:arn|urn|data|mailto):|^[\w.+-]{1,64}@[\w-]{1,64}\.[\w.]{1,64}$|^[0-9]{4}-[0-9]{2}-[0-9]{2}|^v?[0-9]+(?:\.[0-9]+){1,3}[a-z0-9-]{0,8}$|^(?:[a-z]{1,8}[_-])?(?:[rehp]s|sha|md|aes|rsa|ed|ec|p|x|secp|hs|utf|http|oauth|ipv?|tls)-?[0-9]{1,5}|^[0-9.]+ ?[a-z]{1,3}$/i;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/** `DB_HOST_2`: the name of a setting. */
const CONSTANT = /^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+$/;
const FILE = /\.[a-z]{2,5}[0-9]?$|(?:\/[^/]*){3}/i;
const MARKS = /[!#$%^&*?+=~@]/;

/**
 * Whether a value under a name that leaves it open reads as a secret: letters and digits or signs in one word.
 *
 * @param asKey whether it must look drawn at random, as the names of keys and sessions ask for
 */
export function readsAsSecret(value: string, asKey: boolean): boolean {
  if (value.length < SHORTEST || value.length > LONGEST) return false;
  if (asKey) return value.split(/[\s;,]+/).some(isKey);
  if (OTHER.test(value) || CONSTANT.test(value) || !/[A-Za-z]/.test(value)) return false;
  return /[0-9]/.test(value) || MARKS.test(value) || looksRandom(value);
}

/** Whether a value is a file, or words put together as in code: in a secret's place that is what it is called, or where it is. */
export const isIdentifier = (value: string): boolean =>
  /^\.{1,2}\/|^[a-z]{1,32}(?:_{1,2}[a-z]{1,32}){1,8}$/.test(value);

const isKey = (word: string) =>
  word.length >= SHORTEST_KEY &&
  /[0-9]/.test(word) &&
  !OTHER.test(word) &&
  !UUID.test(word) &&
  !FILE.test(word) &&
  looksRandom(word);
