// People, teams and programs by the ids that the server has for them: `user:amina`, `team:sales`, `service:loader`.

/** Return the name of a user or a team alone; programs keep what they are, since that is news. */
export function shortName(id: string): string {
  return id.replace(/^(user|team):/, "");
}

/** Return the id that somebody means who writes a name alone. */
export function principalId(text: string): string {
  const name = text.trim();
  return name === "" || name.includes(":") ? name : `user:${name}`;
}
