/** What the SAML provider says of a person, as one text: its name among the attributes that are mapped. */
export const CARRIER = "countersign";
/** The attribute of the pool that it becomes. */
export const CARRIER_ATTRIBUTE = `custom:${CARRIER}`;
