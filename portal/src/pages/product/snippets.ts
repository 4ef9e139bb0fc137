// How a dataset is read from outside. A test runs each of these as it stands here, with a token in $GHALA_TOKEN.

export interface Snippet {
  name: "sql" | "python" | "curl" | "command";
  text: string;
}

export function snippets(dataset: string, server: string, purpose: string): Snippet[] {
  const sql = `SELECT * FROM ${dataset} LIMIT 10`;
  return [
    { name: "sql", text: sql },
    {
      name: "python",
      text: `import os
import ghala

connection = ghala.connect("${server}", token=os.environ["GHALA_TOKEN"], purpose="${purpose}")
print(connection.sql("${sql}").arrow())`,
    },
    {
      name: "curl",
      text: `curl --fail-with-body "${server}/api/v1/sql" \\
  --header "Authorization: Bearer $GHALA_TOKEN" \\
  --header "Content-Type: application/json" \\
  --header "Accept: text/csv" \\
  --data '{"sql": "${sql}"}'`,
    },
    { name: "command", text: `ghala sql --server "${server}" --format csv "${sql}"` },
  ];
}
