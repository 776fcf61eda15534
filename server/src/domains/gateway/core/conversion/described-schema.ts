/** The schema of an output with what the caller says of it, which the model reads; its name is a label for programs. */
export function describedSchema(output: {
  schema: Readonly<Record<string, unknown>>;
  description: string | undefined;
}): object {
  const { schema, description } = output;
  if (description === undefined || schema.description !== undefined) return schema;
  return { ...schema, description };
}
