/**
 * Session of the record `seal.opened` that explains one use of the forensic key.
 *
 * @param kmsRequest the id that KMS gives the request, and CloudTrail tells it by
 */
export const openingSession = (kmsRequest: string): string => `opening-${kmsRequest}`;
